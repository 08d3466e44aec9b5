package io.sonde.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code make bench}: a node of its own on a fresh folder, load on it, a table, and nothing left behind. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {LoadGenerator.class, MicroBenchmarks.class},
        description = {
            "Start a node on a fresh folder, put load on it, print what it took and what it cost.",
            "Exit code 1 when an answer or a window is wrong: a fast wrong answer is a failure."
        })
public final class Bench implements Callable<Integer> {
    private static final int FAILED = 2;

    @Option(
            names = "--sonde",
            defaultValue = "target/sonde/bin/sonde",
            description = "The launcher of what is measured (default: ${DEFAULT-VALUE}).")
    private Path sonde = Path.of("target/sonde/bin/sonde");

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Bench());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("bench: " + failure.getMessage());
            return FAILED;
        });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws Exception {
        LoadShape shape = options.shape();
        LoadRun.Lengths lengths = options.lengths();
        if (!Files.isExecutable(sonde)) {
            throw new IllegalArgumentException("there is no " + sonde + "; make build makes it");
        }
        say("starting a node on a fresh folder …");
        try (LocalNode node = LocalNode.start(sonde)) {
            List<ProcessCost> processes = new ArrayList<>(node.processes());
            processes.add(new ProcessCost("generator", ProcessHandle.current().pid(), false));
            say("load for " + (lengths.warmup() + lengths.seconds())
                    + " s, then up to a minute until its last windows are closed …");
            LoadRun.Outcome outcome = new LoadRun(node.url(), node.token(), shape, lengths, processes).run();
            spec.commandLine().getOut().print(new Report(outcome).text());
            spec.commandLine().getOut().flush();
            return outcome.right() ? 0 : 1;
        }
    }

    private void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }
}

package io.sonde.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code load}: puts load on a node that runs, and checks every window. Exit code 1 when a single one is wrong. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Put load on a node that runs, then compare each window with what was acknowledged.",
            "Exit code 1 when an answer or a window is wrong. It waits until the last minute's window is stored."
        })
final class LoadGenerator implements Callable<Integer> {
    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8081",
            description = "The node (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--token",
            required = true,
            defaultValue = "${env:SONDE_TOKEN}",
            description = "One that may post for any client and read; or set SONDE_TOKEN.")
    private String token = "";

    @Option(names = "--node-pid", description = "The node's process, to say what it costs.")
    private @Nullable Long nodePid;

    @Option(names = "--postgres-pid", description = "PostgreSQL's first process, to say what it costs.")
    private @Nullable Long postgresPid;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<ProcessCost> processes = new ArrayList<>();
        if (nodePid != null) {
            processes.add(new ProcessCost("node", nodePid, false));
        }
        if (postgresPid != null) {
            processes.add(new ProcessCost("PostgreSQL", postgresPid, true));
        }
        processes.add(new ProcessCost("generator", ProcessHandle.current().pid(), false));
        LoadRun.Outcome outcome = new LoadRun(url, token, options.shape(), options.lengths(), processes).run();
        spec.commandLine().getOut().print(new Report(outcome).text());
        spec.commandLine().getOut().flush();
        return outcome.right() ? 0 : 1;
    }
}

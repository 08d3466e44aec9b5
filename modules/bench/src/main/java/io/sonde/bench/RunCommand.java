package io.sonde.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code run}: one load of any shape on a deployment of its own. Exit code 1 when an answer or a window is wrong. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Start nodes on a fresh folder, put one load on them, print what it took and what it cost.",
            "Exit code 1 when an answer or a window is wrong: a fast wrong answer is a failure."
        })
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Bench bench;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        bench.say("starting a node on a fresh folder …");
        try (SondeDeployment on = bench.start()) {
            Load load = new Load(on, options.shape());
            List<Load.Phase> runs = options.run(load);
            bench.say("load has ended; up to a minute until its last windows are closed …");
            Checked checked = Checked.await(on.url(), on.token(), load, options.patience());
            Report report = new Report()
                    .machine(Machine.here())
                    .load(options.shape(), options.paceText())
                    .runs(runs)
                    .memory(on.processes())
                    .check(checked);
            spec.commandLine().getOut().print(report.text());
            spec.commandLine().getOut().flush();
            return checked.right() ? 0 : 1;
        }
    }
}

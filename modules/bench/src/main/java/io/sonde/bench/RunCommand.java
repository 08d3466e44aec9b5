package io.sonde.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    private static final int RESTART_S = 5;
    private static final int RESTART_LIMIT_S = 180;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Bench bench;

    @Option(names = "--bus", defaultValue = "direct", description = "direct or jetstream (default: ${DEFAULT-VALUE}).")
    private String bus = "direct";

    @Option(
            names = "--nodes",
            defaultValue = "0",
            description = "Processes of a cluster that share one PostgreSQL and the load; 0 for sonde up (default).")
    private int nodes;

    @Option(names = "--restart", description = "At the end kill -9 all nodes, start them again, and time that too.")
    private boolean restart;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        bench.say("starting a node on a fresh folder …");
        try (SondeDeployment on = bench.start(isJetStream(), nodes)) {
            Optional<Long> empty = on.processes().get(0).residentMebibytes();
            Load load = new Load(on, options.shape());
            List<Load.Phase> runs = options.run(load);
            bench.say("load has ended; up to a minute until its last windows are closed …");
            Checked checked = Checked.await(on, load, options.patience());
            Report report = new Report()
                    .machine(Machine.here())
                    .load(options.shape(), options.paceText())
                    .runs(runs)
                    .memory(on.processes());
            series(on, empty, report);
            if (restart) {
                restart(on, load, Plan.spread(runs, Load.Phase::eventsPerSecond).median(), report);
                checked = Checked.await(on, load, options.patience());
            }
            report.check(checked);
            spec.commandLine().getOut().print(report.text());
            spec.commandLine().getOut().flush();
            return checked.right() ? 0 : 1;
        }
    }

    private boolean isJetStream() {
        if (!bus.equals("direct") && !bus.equals("jetstream")) {
            throw new IllegalArgumentException("--bus is direct or jetstream");
        }
        return bus.equals("jetstream");
    }

    private void series(SondeDeployment on, Optional<Long> empty, Report report) {
        int series = options.shape().clients() * options.shape().targets();
        on.processes()
                .get(0)
                .peakMebibytes()
                .ifPresent(peak -> report.row(
                        "memory of a series, first node",
                        String.format(
                                Locale.ROOT,
                                "%.1f KiB (%d MiB at most less %d MiB without load, garbage included; %,d series)",
                                (peak - empty.orElse(0L)) * 1_024.0 * Math.max(1, nodes) / series,
                                peak,
                                empty.orElse(0L),
                                series)));
    }

    /** Steady is a second with nine tenths of what was acknowledged before. */
    private void restart(SondeDeployment on, Load load, double before, Report report) throws Exception {
        load.run(options.pace(), RESTART_S);
        long killed = System.nanoTime();
        on.kill();
        on.startAgain();
        report.row(
                "kill -9 to ready, s",
                Spread.of((System.nanoTime() - killed) / 1e9).toString());
        int seconds = 0;
        double rate = 0;
        while (rate < 0.9 * before && seconds < RESTART_LIMIT_S) {
            rate = load.run(options.pace(), 1).eventsPerSecond();
            seconds++;
        }
        report.row("ready to steady, s", rate < 0.9 * before ? "not within " + seconds : "" + seconds);
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code make bench}: a node of its own on a fresh folder, load on it, a table, and nothing left behind. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, HistoryCommand.class, LoadGenerator.class, MicroBenchmarks.class},
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

    @Option(
            names = "--probe",
            defaultValue = "target/sonde-probe/bin/sonde-probe",
            description = "The launcher of the probe (default: ${DEFAULT-VALUE}).")
    private Path probe = Path.of("target/sonde-probe/bin/sonde-probe");

    @Option(
            names = "--victoria-metrics",
            defaultValue = "target/tools/usr/bin/victoria-metrics",
            description = "What the figures are held against, where it is there (default: ${DEFAULT-VALUE}).")
    private Path victoriaMetrics = Path.of("target/tools/usr/bin/victoria-metrics");

    @Option(
            names = "--folder",
            defaultValue = "target/bench",
            description =
                    "Where data is while it is measured, on the disk that is measured (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("target/bench");

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "ROW",
            description = "Which rows of the table, with commas between; all by default: ${COMPLETION-CANDIDATES}.",
            completionCandidates = RowNames.class)
    private List<String> rows = List.of();

    @Option(names = "--into", paramLabel = "FILE", description = "Put the table into this document too.")
    private @Nullable Path into;

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "Of which the median counts (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--warmup",
            defaultValue = "60",
            description =
                    "Seconds of maximum load after each start of a node (default: ${DEFAULT-VALUE}): in its first minute on two"
                            + " cores a JVM compiles more than it works.")
    private int warmup;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "Of each run (default: ${DEFAULT-VALUE}, so that each has one minute's end).")
    private int seconds;

    @Option(
            names = "--clients",
            defaultValue = "2000",
            description = "Sources of 10 targets (default: ${DEFAULT-VALUE}).")
    private int clients;

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
        List<String> unknown =
                rows.stream().filter(row -> !Table.rows().contains(row)).toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there are no rows " + unknown + ", but " + new TreeSet<>(Table.rows()));
        }
        Plan plan = new Plan(clients, 10, Math.min(64, clients), runs, warmup, Math.min(10, warmup), seconds, 60);
        Table table = new Table();
        Start up = () -> start(false, 0);
        measure(
                up,
                true,
                plan,
                List.of(MaximumRow.DIRECT_10, MaximumRow.DIRECT_1, new AckRow(), new HalfRateRow(), new RecoveryRow()),
                table);
        measure(
                () -> LocalNode.start(launcher(), folder, MemoryRow.HEAP),
                false,
                plan,
                List.of(new MemoryRow(), new StartRow()),
                table);
        measure(() -> start(true, 1), true, plan, List.of(MaximumRow.JETSTREAM_10), table);
        measure(up, false, plan, List.of(new ProbeRow(probe)), table);
        if (Files.isExecutable(victoriaMetrics)) {
            say("VictoriaMetrics …");
            table.addPeers(new PeerRows(victoriaMetrics, folder, plan).measure(this::isAsked));
        } else {
            say("there is no " + victoriaMetrics + ", so nothing is held against it");
        }
        String how = String.format(
                Locale.ROOT,
                "%d runs of %d s after %d s of warm-up, %,d series, SONDE_JAVA_OPTS=\"%s\"",
                runs,
                seconds,
                warmup,
                clients * 10,
                Optional.ofNullable(System.getenv("SONDE_JAVA_OPTS")).orElse(""));
        String markdown = table.markdown(Machine.here(), how);
        spec.commandLine().getOut().print(markdown);
        spec.commandLine().getOut().flush();
        if (into != null) {
            Table.write(markdown, into);
        }
        return table.right() ? 0 : 1;
    }

    private boolean isAsked(String row) {
        return rows.isEmpty() || rows.contains(row);
    }

    private interface Start {
        SondeDeployment now() throws IOException;
    }

    private void measure(Start start, boolean warm, Plan plan, List<Row> all, Table table) throws Exception {
        List<Row> asked = all.stream().filter(row -> isAsked(row.name())).toList();
        if (asked.isEmpty()) {
            return;
        }
        say("a node on a fresh folder …");
        try (SondeDeployment on = start.now()) {
            if (warm && plan.warmup() > 0) {
                say(plan.warmup() + " s of warm-up …");
                new Load(on, plan.shape(10)).run(Pace.CLOSED, plan.warmup());
            }
            for (Row row : asked) {
                say(row.name() + " …");
                measure(row, on, plan, table);
            }
        }
    }

    /** One row that fails takes no other with it: what was measured in an hour is to be seen. */
    private void measure(Row row, SondeDeployment on, Plan plan, Table table) throws InterruptedException {
        try {
            Figures figures = row.measure(on, plan);
            Table.print(figures, spec.commandLine().getErr());
            table.add(figures);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            say(row.name() + " failed: " + e);
            table.failed(row.name() + " failed: " + e);
        }
    }

    private static final class RowNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        RowNames() {
            super(new TreeSet<>(Table.rows()));
        }
    }

    /** @param nodes as processes of their own; 0 for {@code sonde up} */
    SondeDeployment start(boolean jetStream, int nodes) throws IOException {
        return jetStream || nodes > 0
                ? LocalCluster.start(launcher(), folder, jetStream, Math.max(1, nodes))
                : LocalNode.start(launcher(), folder, "");
    }

    private Path launcher() {
        if (!Files.isExecutable(sonde)) {
            throw new IllegalArgumentException("there is no " + sonde + "; make build makes it");
        }
        return sonde;
    }

    void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }
}

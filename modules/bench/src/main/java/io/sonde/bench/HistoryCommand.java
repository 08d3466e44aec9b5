package io.sonde.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code history}: how long questions take when months of windows are there. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description =
                "Start a node, fill its tables with months of windows of many series, and ask it everything it can be asked.")
final class HistoryCommand implements Callable<Integer> {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration OVERVIEW_WITHIN = Duration.ofMinutes(2);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Bench bench;

    @Option(names = "--clients", defaultValue = "2000", description = "Of 10 targets each (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--days", defaultValue = "90", description = "Of hours and days (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--minutes-every",
            defaultValue = "120",
            description =
                    "A window of a minute every so many minutes (default: ${DEFAULT-VALUE}): one in each would be 2,592 million rows.")
    private int minutesEvery;

    @Option(
            names = "--full-hours",
            defaultValue = "3",
            description = "The last hours, with a window in each minute (default: ${DEFAULT-VALUE}).")
    private int fullHours;

    @Option(
            names = "--asked",
            defaultValue = "200",
            description = "Each question so often (default: ${DEFAULT-VALUE}).")
    private int asked;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Plan plan = new Plan(clients, 10, Math.min(64, clients), 1, 0, 0, 1, 60);
        bench.say("starting a node on a fresh folder …");
        try (SondeDeployment on = bench.start(false, 0)) {
            Load load = new Load(on, plan.shape(10));
            load.run(Pace.CLOSED, Math.max(2, clients / 100));
            Checked checked = Checked.await(on, load, plan.patience());
            bench.say("each series has a window; now their past …");
            Report report = new Report().machine(Machine.here());
            fill(on, report);
            boolean inTime = true;
            for (Map.Entry<String, Supplier<String>> question :
                    new Questions(load).all(days).entrySet()) {
                inTime &= ask(on.api(), question.getKey(), question.getValue(), report);
            }
            report.check(checked);
            spec.commandLine().getOut().print(report.text());
            spec.commandLine().getOut().flush();
            return checked.right() && inTime ? 0 : 1;
        }
    }

    private void fill(SondeDeployment on, Report report) throws IOException, SQLException, InterruptedException {
        Instant now = Instant.now();
        Instant first = now.minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.DAYS);
        try (HistoryTable past = new HistoryTable(on.database())) {
            past.begin(first);
            long dayRows = 0;
            for (Instant at = first; at.isBefore(now); at = at.plus(Duration.ofDays(1))) {
                dayRows += past.day(at);
            }
            long hourRows = 0;
            for (Instant at = first; at.isBefore(now); at = at.plus(Duration.ofHours(1))) {
                hourRows += past.hour(at);
            }
            Instant full = now.minus(Duration.ofHours(fullHours)).truncatedTo(ChronoUnit.MINUTES);
            long minuteRows = 0;
            for (Instant at = first; at.isBefore(full); at = at.plus(MINUTE.multipliedBy(minutesEvery))) {
                minuteRows += past.minute(at);
            }
            for (Instant at = full; at.isBefore(now.minus(MINUTE)); at = at.plus(MINUTE)) {
                minuteRows += past.minute(at);
            }
            overviews(past, first, now);
            past.settle();
            report.row(
                    "rows",
                    String.format(Locale.ROOT, "%,d minutes, %,d hours, %,d days", minuteRows, hourRows, dayRows));
        }
        report.row(
                "on disk",
                String.format(Locale.ROOT, "%,d MiB", SizesTable.total(new SizesTable(on.database()).read()) >> 20));
    }

    private static void overviews(HistoryTable past, Instant begin, Instant now)
            throws SQLException, InterruptedException {
        Instant patience = Instant.now().plus(OVERVIEW_WITHIN);
        while (!past.hasOverview()) {
            if (Instant.now().isAfter(patience)) {
                throw new IllegalStateException("no minute was added up within " + OVERVIEW_WITHIN);
            }
            TimeUnit.SECONDS.sleep(1);
        }
        Instant monthAgo = now.minus(Duration.ofDays(30)).truncatedTo(ChronoUnit.DAYS);
        Instant first = begin.isBefore(monthAgo) ? monthAgo : begin;
        Map<String, Duration> resolutions = Map.of("1m", MINUTE, "1h", Duration.ofHours(1), "1d", Duration.ofDays(1));
        for (Map.Entry<String, Duration> resolution : resolutions.entrySet()) {
            for (Instant at = first;
                    at.isBefore(now.minus(resolution.getValue()));
                    at = at.plus(resolution.getValue())) {
                past.overview(resolution.getKey(), at);
            }
        }
    }

    /** The first tenth is for the JVM and PostgreSQL to warm up. */
    private boolean ask(Api node, String name, Supplier<String> question, Report report)
            throws IOException, InterruptedException {
        QueryLook look = new QueryLook(node, question);
        Histogram micros = new Histogram(3);
        for (int i = 0; i < asked / 10; i++) {
            look.into(micros);
        }
        micros.reset();
        for (int i = 0; i < asked; i++) {
            look.into(micros);
        }
        report.row(
                name + ", ms",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f, p95 %.1f, at most %.1f",
                        micros.getValueAtPercentile(50) / 1e3,
                        micros.getValueAtPercentile(95) / 1e3,
                        micros.getMaxValue() / 1e3));
        boolean inTime = micros.getValueAtPercentile(95) / 1e3 <= budgetMs(name);
        if (!inTime) {
            report.row(name, "missed: p95 at most " + budgetMs(name) + " ms");
        }
        return inTime;
    }

    /** The page shows these first, or types into them. */
    private static double budgetMs(String name) {
        if (name.startsWith("overview")) {
            return 1_000;
        }
        return name.equals("series") || name.startsWith("clients") || name.equals("targets")
                ? 300
                : Double.POSITIVE_INFINITY;
    }
}

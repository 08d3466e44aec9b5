package io.sonde.bench;

import io.sonde.core.Minute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one sees of a node that has as much to do as it should have: half of what it can. */
record HalfRateRow() implements Row {
    private static final int BATCH = 10;
    private static final int MINUTES = 3;
    private static final int LOOK_FOR_MAXIMUM_S = 10;
    /** After a minute's end its windows are closed, handed over and copied. */
    private static final long SETTLED_MS = 35_000;
    /** The API's question for the worst series; asked where the node knows it. */
    private static final String WORST = "/api/v1/worst";

    @Override
    public String name() {
        return Bar.LIVE.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(BATCH));
        double maximum = load.run(Pace.CLOSED, Math.min(plan.seconds(), LOOK_FOR_MAXIMUM_S))
                .recordedPerSecond();
        long firstMarkMs = Minute.startOf(System.currentTimeMillis()) + Minute.LENGTH_MS + SETTLED_MS;
        long lastMarkMs = firstMarkMs + MINUTES * Minute.LENGTH_MS;
        SplittableRandom random = new SplittableRandom();
        boolean knowsWorst = on.api().get("/api/openapi.json").path("paths").has(WORST);
        List<Map<String, Long>> sizes = new ArrayList<>();
        Pace pace = Pace.open(maximum / 2 / BATCH);
        try (Looking live = Looking.at(
                        new LiveLook(on.api(), on.dialect(), load.prefix().replace("bench", "live")), 100);
                Looking rows = Looking.at(new RowLook(new SampledRowsTable(on.database(), load.prefix())), 100);
                Looking hour = Looking.at(new QueryLook(on.api(), () -> hour(load, random)), 200);
                Looking worst =
                        Looking.at(knowsWorst ? new QueryLook(on.api(), HalfRateRow::worst) : nothing -> {}, 2_000);
                Looking marks = Looking.at(nothing -> mark(on, firstMarkMs, lastMarkMs, sizes), 100)) {
            int seconds = (int) ((lastMarkMs - System.currentTimeMillis()) / 1_000) + 2;
            Load.Phase phase = load.run(pace, seconds);
            marks.end();
            Histogram liveMicros = live.end();
            Histogram hourMicros = hour.end();
            Histogram worstMicros = worst.end();
            Histogram rowMicros = rows.end();
            Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
            double newPerSecond = (double) phase.tally().measuredNew() / seconds;
            Figures figures = new Figures()
                    .with(Bar.LIVE, ms(liveMicros, 99), truth)
                    .with(Bar.ROW, ms(rowMicros, 99) / 1e3, truth)
                    .with(Bar.QUERY_HOUR, ms(hourMicros, 95), truth)
                    .note(String.format(
                            Locale.ROOT,
                            "Half the maximum was %,.0f events/s (open loop, %d s; acknowledged %,.0f): live of %d events"
                                    + " (p50 %.1f ms), rows of %d windows (p50 %.1f s), %d queries of an hour (p50 %.1f ms).",
                            maximum / 2,
                            seconds,
                            phase.eventsPerSecond(),
                            liveMicros.getTotalCount(),
                            ms(liveMicros, 50),
                            rowMicros.getTotalCount(),
                            ms(rowMicros, 50) / 1e3,
                            hourMicros.getTotalCount(),
                            ms(hourMicros, 50)));
            if (knowsWorst) {
                figures.with(Bar.QUERY_WORST, ms(worstMicros, 95), truth);
            } else {
                figures.note("The API has no question for the worst series.");
            }
            long rested = SizesTable.total(new SizesTable(on.database()).read());
            figures.with(Bar.DISK, growth(sizes, newPerSecond * MINUTES * 60), truth);
            figures.with(Bar.DISK_REST, (double) rested / load.acknowledged().events(), truth);
            return figures.note(byTable(sizes, newPerSecond * MINUTES * 60));
        }
    }

    private static void mark(SondeDeployment on, long firstMs, long lastMs, List<Map<String, Long>> sizes)
            throws Exception {
        long dueMs = sizes.isEmpty() ? firstMs : lastMs;
        if (sizes.size() < 2 && System.currentTimeMillis() >= dueMs) {
            sizes.add(new SizesTable(on.database()).read());
        }
    }

    private static String hour(Load load, SplittableRandom random) {
        long now = System.currentTimeMillis();
        return "/api/v1/windows?resolution=1m&limit=100&client_id="
                + load.prefix() + random.nextInt(load.shape().clients()) + "&target="
                + Api.escaped(load.shape().target(random.nextInt(load.shape().targets()))) + "&from="
                + (now - TimeUnit.HOURS.toMillis(1)) + "&to=" + now;
    }

    private static String worst() {
        long now = System.currentTimeMillis();
        return WORST + "?measure=ttfb&limit=20&from=" + (now - TimeUnit.MINUTES.toMillis(15)) + "&to=" + now;
    }

    private static double growth(List<Map<String, Long>> sizes, double events) {
        return (SizesTable.total(sizes.get(1)) - SizesTable.total(sizes.get(0))) / events;
    }

    private static String byTable(List<Map<String, Long>> sizes, double events) {
        Map<String, Double> grown = new TreeMap<>();
        sizes.get(1)
                .forEach(
                        (table, bytes) -> grown.put(table, (bytes - sizes.get(0).getOrDefault(table, 0L)) / events));
        StringBuilder text = new StringBuilder("Growth by table, bytes per event:");
        grown.forEach((table, bytes) -> {
            if (bytes != 0) {
                text.append(String.format(Locale.ROOT, " %s %.2f,", table, bytes));
            }
        });
        return text.append(" in ")
                .append(MINUTES)
                .append(" minutes, indexes included, write-ahead log not.")
                .toString();
    }

    private static double ms(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}

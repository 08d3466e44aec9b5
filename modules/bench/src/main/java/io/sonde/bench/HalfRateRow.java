package io.sonde.bench;

import io.sonde.core.Minute;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What one sees of a node that has as much to do as it should have: half of what it can. */
record HalfRateRow() implements Row {
    private static final int BATCH = 10;
    private static final int MINUTES = 3;
    /** Until the space of what snapshots have replaced is used again: before, the journal only grows. */
    private static final int MINUTES_UNTIL_STEADY = 6;

    private static final int LOOK_FOR_MAXIMUM_S = 10;
    /** After a minute's end its windows are closed, handed over and copied. */
    private static final long SETTLED_MS = 35_000;

    @Override
    public String name() {
        return Bar.LIVE.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(BATCH));
        int look = Math.min(plan.seconds(), LOOK_FOR_MAXIMUM_S);
        double half = load.run(Pace.CLOSED, look).recordedPerSecond() / 2;
        long firstMs =
                Minute.startOf(System.currentTimeMillis()) + (1 + MINUTES_UNTIL_STEADY) * Minute.LENGTH_MS + SETTLED_MS;
        long lastMs = firstMs + MINUTES * Minute.LENGTH_MS;
        DiskGrowth growth = new DiskGrowth(new SizesTable(on.database()), firstMs, lastMs);
        int seconds = (int) ((lastMs - System.currentTimeMillis()) / 1_000) + 2;
        try (Looking disk = Looking.at(growth, 100);
                Looks looks = Looks.at(on, load)) {
            Load.Phase phase = load.run(Pace.open(half / BATCH), seconds);
            disk.end();
            looks.end();
            Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
            double fresh = (double) phase.tally().measuredNew() / seconds;
            double rested = SizesTable.total(new SizesTable(on.database()).read());
            return looks.figures(truth)
                    .with(Bar.DISK, growth.perEvent(fresh), truth)
                    .with(Bar.DISK_REST, rested / on.recorded(), truth)
                    .note(String.format(
                            Locale.ROOT,
                            "Half the maximum: %,.0f events/s for %d s, of which %,.0f were acknowledged.",
                            half,
                            seconds,
                            phase.eventsPerSecond()))
                    .note(growth.byTable(fresh));
        }
    }

    /** Those who look beside the load. */
    private record Looks(Looking live, Looking rows, Looking hour, Looking worst, boolean knowsWorst)
            implements AutoCloseable {
        static Looks at(SondeDeployment on, Load load) throws Exception {
            Questions questions = new Questions(load);
            boolean knowsWorst = Questions.knowsWorst(on.api());
            String live = load.prefix().replace("bench", "live");
            return new Looks(
                    Looking.at(new LiveLook(on.api(), on.dialect(), live), 100),
                    Looking.at(new RowLook(new SampledRowsTable(on.database(), load.prefix())), 100),
                    Looking.at(new QueryLook(on.api(), questions::hour), 200),
                    Looking.at(knowsWorst ? new QueryLook(on.api(), questions::worst) : nothing -> {}, 2_000),
                    knowsWorst);
        }

        void end() throws Exception {
            live.end();
            hour.end();
            worst.end();
            rows.end();
        }

        Figures figures(Measured.Truth truth) throws Exception {
            Figures figures = new Figures()
                    .with(Bar.LIVE, ms(live.end(), 99), truth)
                    .with(Bar.ROW, ms(rows.end(), 99) / 1e3, truth)
                    .with(Bar.QUERY_HOUR, ms(hour.end(), 95), truth)
                    .note(String.format(
                            Locale.ROOT,
                            "Medians and how many were seen: live %.1f ms (%d), rows %.1f s (%d), last hour %.1f ms (%d).",
                            ms(live.end(), 50),
                            live.end().getTotalCount(),
                            ms(rows.end(), 50) / 1e3,
                            rows.end().getTotalCount(),
                            ms(hour.end(), 50),
                            hour.end().getTotalCount()));
            return knowsWorst
                    ? figures.with(Bar.QUERY_WORST, ms(worst.end(), 95), truth)
                    : figures.note("The API has no question for the worst series.");
        }

        @Override
        public void close() {
            live.close();
            rows.close();
            hour.close();
            worst.close();
        }

        private static double ms(Histogram micros, double percentile) {
            return micros.getValueAtPercentile(percentile) / 1e3;
        }
    }
}

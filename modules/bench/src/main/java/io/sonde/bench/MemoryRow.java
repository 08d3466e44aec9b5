package io.sonde.bench;

import java.util.Locale;

/** The most memory that a node ever held, that had no more to do than this. */
record MemoryRow() implements Row {
    static final int BATCH = 10;
    /** 20,000 events/s. */
    static final Pace PACE = Pace.open(2_000);

    static final int RUNS = 3;

    /** With a larger heap a JVM takes more before it looks for what it no longer needs. */
    static final String HEAP = "-Xmx640m";

    @Override
    public String name() {
        return Bar.MEMORY.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(BATCH));
        Load.Phase phase = load.run(PACE, RUNS * plan.seconds());
        Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
        double peak = on.processes().get(0).peakMebibytes().orElseThrow();
        return new Figures()
                .with(Bar.MEMORY, peak, truth)
                .note(String.format(
                        Locale.ROOT,
                        "Memory: with %s %,.0f events/s were acknowledged of 20,000 asked, ack p99 %.1f ms, on a node that was not warm.",
                        HEAP,
                        phase.eventsPerSecond(),
                        phase.tally().latencyMs(99)));
    }
}

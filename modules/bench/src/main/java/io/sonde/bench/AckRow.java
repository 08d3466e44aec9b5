package io.sonde.bench;

import java.util.List;

/** How long a sender waits when the node has little to do. */
record AckRow() implements Row {
    static final int BATCH = 10;
    /** 2,000 events/s. */
    static final Pace PACE = Pace.open(200);
    /** After which a node has sealed all that it was told before. */
    private static final int SEALED_S = 240;

    @Override
    public String name() {
        return Bar.ACK.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(BATCH));
        if (plan.warmup() > 0) {
            load.run(PACE, SEALED_S);
        }
        List<Load.Phase> runs = plan.runs(load, PACE);
        Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
        return new Figures()
                .with(Bar.ACK, Plan.spread(runs, run -> run.tally().latencyMs(99)), truth)
                .with(Bar.ACK_999, Plan.spread(runs, run -> run.tally().latencyMs(99.9)), truth)
                .with(Bar.ACK_50, Plan.spread(runs, run -> run.tally().latencyMs(50)), truth);
    }
}

package io.sonde.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long a sender waits when the node has little to do. */
record AckRow() implements Row {
    private static final int BATCH = 10;
    private static final double EVENTS_PER_SECOND = 2_000;

    @Override
    public String name() {
        return Bar.ACK.row();
    }

    @Override
    public Map<Bar, Measured> measure(SondeDeployment on, Plan plan) throws Exception {
        Pace pace = Pace.open(EVENTS_PER_SECOND / BATCH);
        Load load = new Load(on, plan.shape(BATCH));
        load.run(pace, plan.settle());
        List<Load.Phase> runs = new ArrayList<>();
        for (int run = 0; run < plan.runs(); run++) {
            runs.add(load.run(pace, plan.seconds()));
        }
        Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
        return Map.of(
                Bar.ACK, new Measured(Plan.spread(runs, run -> run.tally().latencyMs(99)), truth),
                Bar.ACK_999, new Measured(Plan.spread(runs, run -> run.tally().latencyMs(99.9)), truth),
                Bar.ACK_50, new Measured(Plan.spread(runs, run -> run.tally().latencyMs(50)), truth));
    }
}

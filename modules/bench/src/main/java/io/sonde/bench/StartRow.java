package io.sonde.bench;

import java.util.ArrayList;
import java.util.List;

/** From the start of the process until it takes traffic, on data that is there. */
record StartRow() implements Row {
    @Override
    public String name() {
        return Bar.START.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run < plan.runs(); run++) {
            on.stop();
            long start = System.nanoTime();
            on.startAgain();
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        return new Figures().with(Bar.START, new Spread(seconds), Measured.Truth.NOTHING_SENT);
    }
}

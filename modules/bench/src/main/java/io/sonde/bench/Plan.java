package io.sonde.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long the table may take, and on how many series.
 *
 * @param warmup at maximum load, after each start of a node
 * @param settle before the first of several runs of another load, s
 * @param patience see {@link Checked#await}
 */
record Plan(int clients, int targets, int connections, int runs, int warmup, int settle, int seconds, int patience) {
    Plan {
        if (warmup < 0 || settle < 0 || seconds < 1 || runs < 1) {
            throw new IllegalArgumentException("--warmup is to be 0 or more, --seconds and --runs 1 or more");
        }
    }

    LoadShape shape(int batch) {
        return new LoadShape(clients, targets, batch, 5, 1, connections, false, 0);
    }

    /** What is measured, after a moment of the same that is not. */
    List<Load.Phase> runs(Load load, Pace pace) throws IOException, InterruptedException {
        if (settle > 0) {
            load.run(pace, settle);
        }
        List<Load.Phase> phases = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            phases.add(load.run(pace, seconds));
        }
        return phases;
    }

    static Spread spread(List<Load.Phase> runs, ToDoubleFunction<Load.Phase> figure) {
        return new Spread(runs.stream().map(figure::applyAsDouble).toList());
    }
}

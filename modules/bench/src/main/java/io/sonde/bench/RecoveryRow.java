package io.sonde.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** kill -9 under load, and a new start at once. */
record RecoveryRow() implements Row {
    private static final int BATCH = 10;
    private static final double EVENTS_PER_SECOND = 20_000;
    private static final int BEFORE_S = 10;
    private static final int AFTER_S = 20;
    private static final int GIVE_UP_S = 100;

    @Override
    public String name() {
        return Bar.RECOVERY.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(BATCH));
        Pace pace = Pace.open(EVENTS_PER_SECOND / BATCH);
        load.run(pace, BEFORE_S);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Load.Phase> loaded = thread.submit(() -> load.runThrough(pace, AFTER_S, GIVE_UP_S));
            TimeUnit.SECONDS.sleep(2);
            long killed = System.nanoTime();
            on.kill();
            on.startAgain();
            double ready = (System.nanoTime() - killed) / 1e9;
            Load.Phase phase = loaded.get();
            Checked checked = Checked.await(on, load, plan.patience());
            return new Figures()
                    .with(Bar.RECOVERY, ready, checked.truth())
                    .with(Bar.RECOVERY_ANSWER, phase.tally().latency.getMaxValue() / 1e6, checked.truth())
                    .with(Bar.RECOVERY_WINDOWS, checked.stored().afterLastEndMs() / 1e3, checked.truth());
        } finally {
            thread.shutdownNow();
        }
    }
}

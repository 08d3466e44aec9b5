package io.sonde.app.node;

import io.sonde.core.Batch;
import io.sonde.core.Causes;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which shard answers nothing while others do: one that was handed over and never started again, and whose sources
 * would wait for somebody to notice. When no shard answers it is the database, and others say so.
 */
final class ShardWatch implements Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(ShardWatch.class);
    /** Longer than a shard takes to move, its hand-off's time-out included. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    /** Counts every two minutes of every shard that is silent. */
    static final String SILENT = "windows_silent_shard_total";

    private final Recorder windows;
    private final int shards;
    private final Clock clock;
    private final Counters counters;
    private final Map<Integer, Silence> silent = new ConcurrentHashMap<>();
    private volatile long answeredMs;

    /** @param batches that were not answered since */
    private record Silence(long sinceMs, long lastMs, long batches, long saidMs) {}

    /** @param shards {@code pekko.cluster.sharding.number-of-shards} */
    ShardWatch(Recorder windows, int shards, Clock clock, Counters counters) {
        this.windows = windows;
        this.shards = shards;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public CompletionStage<Receipt> record(Batch batch) {
        return windows.record(batch).whenComplete((receipt, failure) -> {
            if (failure == null) {
                answered(batch);
            } else if (Causes.of(failure) instanceof Unavailable) {
                unanswered(shard(batch));
            }
        });
    }

    /** As sharding does. */
    private int shard(Batch batch) {
        return Math.abs(batch.source().entityId().hashCode() % shards);
    }

    private void answered(Batch batch) {
        answeredMs = clock.millis();
        if (!silent.isEmpty()) {
            int shard = shard(batch);
            Silence was = silent.remove(shard);
            if (was != null && was.saidMs() > 0) {
                LOG.info("shard {} answers again", shard);
            }
        }
    }

    private void unanswered(int shard) {
        long now = clock.millis();
        silent.compute(shard, (any, was) -> {
            if (was == null || now - was.lastMs() >= LIMIT.toMillis()) {
                return new Silence(now, now, 1, 0);
            }
            boolean say = isTooLong(was, now) && now - was.saidMs() >= LIMIT.toMillis();
            if (say) {
                counters.increment(SILENT);
                LOG.error(
                        "shard {} has answered nothing for {} s, while {} batches were sent to it and other shards answer:"
                                + " restart the node that holds it, which lets it start elsewhere",
                        shard,
                        (now - was.sinceMs()) / 1_000,
                        was.batches());
            }
            return new Silence(was.sinceMs(), now, was.batches() + 1, say ? now : was.saidMs());
        });
    }

    private boolean isTooLong(Silence silence, long now) {
        return now - silence.sinceMs() >= LIMIT.toMillis() && answeredMs > silence.sinceMs() + LIMIT.toMillis() / 2;
    }
}

package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.SourceId;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ShardWatchTest {
    private static final int SHARDS = 128;

    private final SetClock clock = new SetClock();
    private final Counters counters = new Counters();
    private final ShardWatch watch = new ShardWatch(this::answer, SHARDS, clock, counters);
    private boolean databaseIsAway;

    @Test
    void aShardThatIsSilentWhileOthersAnswerIsFound() {
        minutesOfBatches(3);

        assertThat(counters.count(ShardWatch.SILENT)).isEqualTo(1);
    }

    @Test
    void aMomentOfSilenceIsAShardThatMoves() {
        minutesOfBatches(1);

        assertThat(counters.count(ShardWatch.SILENT)).isZero();
    }

    @Test
    void aMomentOfSilenceLongAgoIsNotTheBeginningOfTheNext() {
        minutesOfBatches(1);
        clock.advance(Duration.ofHours(3));

        minutesOfBatches(1);

        assertThat(counters.count(ShardWatch.SILENT)).isZero();
    }

    @Test
    void silenceOfAllIsNotTheShards() {
        databaseIsAway = true;

        minutesOfBatches(5);

        assertThat(counters.count(ShardWatch.SILENT)).isZero();
    }

    private void minutesOfBatches(int minutes) {
        for (int second = 0; second < minutes * 60; second++) {
            for (String source : List.of("silent", "other")) {
                var unused = watch.record(new Batch(
                        new SourceId("default", "qoe", source, 0), clock.millis(), Map.of(), List.of(), false));
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    private CompletableFuture<Receipt> answer(Batch batch) {
        return databaseIsAway || batch.source().source().equals("silent")
                ? CompletableFuture.failedFuture(new Unavailable("no answer", 1, null))
                : CompletableFuture.completedFuture(new Receipt(0, 0, 0, true));
    }
}

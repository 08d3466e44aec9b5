package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int MOST = 10;
    private static final int MOST_BYTES = 64 << 10;
    private static final Duration ANY = Duration.ofSeconds(1);

    private final ActorSystem system = ActorSystem.create("backlog");
    private final Backlog backlog = new Backlog(
            new StreamSettings(1, 1, MOST, MOST_BYTES, ANY, ANY, ANY),
            StreamJson::skipped,
            new StreamMetrics(new PrometheusRegistry()));
    private final SinkQueueWithCancel<String> reader = read();

    @AfterEach
    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatFindsNoRoomIsCountedAndSaidOnceThereIsSome() throws Exception {
        assertThat(skippedOf(100, "m")).isBetween(50L, 100L);
    }

    @Test
    void whatIsTooMuchAltogetherIsSkippedHoweverFewItAre() throws Exception {
        assertThat(skippedOf(8, "x".repeat(MOST_BYTES / 2))).isPositive();
    }

    /** Offers so many at once, then one for each that is read, until it is told what was skipped; nothing is unaccounted for. */
    private long skippedOf(int atOnce, String message) throws Exception {
        for (int i = 0; i < atOnce; i++) {
            backlog.offer(message);
        }
        long offered = atOnce;
        long received = 0;
        long skipped = 0;
        while (skipped == 0 || received + skipped < offered) {
            if (skipped == 0) {
                backlog.offer("one more");
                offered++;
            }
            String next = next();
            if (next.startsWith("{\"skipped\":")) {
                skipped += Long.parseLong(next.replaceAll("\\D", ""));
            } else {
                received++;
            }
        }
        assertThat(received + skipped).isEqualTo(offered);
        return skipped;
    }

    private String next() throws Exception {
        return reader.pull().toCompletableFuture().get(10, TimeUnit.SECONDS).orElseThrow();
    }

    private SinkQueueWithCancel<String> read() {
        Pair<Backlog, SinkQueueWithCancel<String>> run =
                backlog.source().toMat(Sink.queue(), Keep.both()).run(system);
        return run.second();
    }
}

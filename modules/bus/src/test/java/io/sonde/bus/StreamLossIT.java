package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.JetStreamManagement;
import io.nats.client.Subscription;
import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A stream, a consumer or a whole store that is gone while nodes run: said loudly, made anew, and on it goes. */
class StreamLossIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern GONE =
            Pattern.compile("is gone, and made anew: (\\d+) messages .* so are those of the (\\d+) published since");

    @Test
    void aStreamThatIsDeletedIsMadeAnewAndTakenFrom() throws Exception {
        try (TestBus test = TestBus.start("")) {
            test.bus.deliverTo(test.recorder(batch -> true));
            Batch before = test.send("before");
            await().atMost(PATIENCE).until(() -> test.isRecorded(before));
            long watermark = test.bus.watermarkMs();

            test.operator.jetStreamManagement().deleteStream(TelemetryStream.NAME);
            assertThatThrownBy(() -> test.send("during")).hasCauseInstanceOf(Unavailable.class);

            comesThrough(test);
            assertThat(test.bus.watermarkMs()).isGreaterThanOrEqualTo(watermark);
        }
    }

    @Test
    void aConsumerThatIsDeletedIsMadeAnewAndNothingIsLost() throws Exception {
        try (TestBus test = TestBus.start("")) {
            test.bus.deliverTo(test.recorder(batch -> true));
            Batch before = test.send("before");
            await().atMost(PATIENCE).until(() -> test.isRecorded(before));

            test.operator.jetStreamManagement().deleteConsumer(TelemetryStream.NAME, TelemetryStream.CONSUMER);
            Batch during = test.send("during");

            await().atMost(PATIENCE).until(() -> test.isRecorded(during));
        }
    }

    @Test
    void aServerThatComesBackWithAnEmptyStoreIsGivenItsStreamAgain() throws Exception {
        try (TestBus test = TestBus.start("")) {
            test.bus.deliverTo(test.recorder(batch -> true));
            Batch before = test.send("before");
            await().atMost(PATIENCE).until(() -> test.isRecorded(before));

            test.server.kill();
            test.server.wipe();
            test.server.restart();

            comesThrough(test);
        }
    }

    /** Sequence numbers begin anew: an acknowledgement meant for the old message 1 must not be taken by the new one. */
    @Test
    void whatWasUnderWayInTheOldStreamAcknowledgesNothingInTheNew() throws Exception {
        try (TestBus test = TestBus.start("");
                Logged logged = Logged.of(StreamWatch.class.getName())) {
            Subscription acknowledgements = test.operator.subscribe("$JS.ACK.>");
            Queue<CompletableFuture<Receipt>> held = new ConcurrentLinkedQueue<>();
            test.bus.deliverTo(batch -> {
                test.recorded.add(batch);
                held.add(new CompletableFuture<>());
                return held.stream().skip(held.size() - 1).findFirst().orElseThrow();
            });
            Batch old = test.send("old");
            await().atMost(PATIENCE).until(() -> test.isRecorded(old));
            JetStreamManagement management = test.operator.jetStreamManagement();

            management.deleteStream(TelemetryStream.NAME);
            await().atMost(PATIENCE).ignoreExceptions().until(() -> test.messages(TelemetryStream.NAME) == 0);
            Batch anew = sendWhenTaken(test, "new");
            await().atMost(PATIENCE).until(() -> test.isRecorded(anew));
            held.remove().complete(new Receipt(1, 0, 0, true));

            // Behind whatever was said before, on the same connection.
            Batch behind = test.send("behind");
            await().atMost(PATIENCE).until(() -> test.isRecorded(behind));
            test.operator.flush(PATIENCE);
            assertThat(acknowledgements.getPendingMessageCount()).isZero();
            assertThat(test.bus.watermarkMs()).isLessThan(anew.recvTsMs());
            assertThat(logged.lines()).anyMatch(line -> countIn(line) == 1);
            held.forEach(each -> each.complete(new Receipt(1, 0, 0, true)));
            await().atMost(PATIENCE).until(() -> acknowledgements.getPendingMessageCount() == 2);
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);
        }
    }

    /** Lost by the last look and published since, together: the look may have come before or after the batch. */
    private static long countIn(String line) {
        return GONE.matcher(line)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)) + Long.parseLong(found.group(2)))
                .sum();
    }

    private static void comesThrough(TestBus test) throws Exception {
        Batch after = sendWhenTaken(test, "after");
        await().atMost(PATIENCE).until(() -> test.isRecorded(after));
        await().atMost(PATIENCE).until(() -> test.bus.watermarkMs() > after.recvTsMs());
    }

    private static Batch sendWhenTaken(TestBus test, String source) {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> test.send(source), sent -> true);
    }
}

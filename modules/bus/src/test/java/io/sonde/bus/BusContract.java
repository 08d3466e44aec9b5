package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every bus promises. */
abstract class BusContract {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Queue<Batch> recorded = new ConcurrentLinkedQueue<>();

    abstract Bus bus();

    @Test
    void aBatchArrivesAsItWasSent() throws Exception {
        bus().deliverTo(this::take);
        Batch batch = batch("münchen / 1");

        Receipt receipt = send(batch);

        assertThat(receipt.accepted()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> recorded.contains(batch));
    }

    @Test
    void batchesOfManySourcesAllArrive() throws Exception {
        bus().deliverTo(this::take);
        for (int i = 0; i < 200; i++) {
            send(batch("client-" + i));
        }

        await().atMost(PATIENCE)
                .until(() -> recorded.stream()
                                .map(batch -> batch.source().source())
                                .distinct()
                                .count()
                        == 200);
    }

    @Test
    void aReceiptSaysWhetherTheBatchIsCounted() throws Exception {
        bus().deliverTo(this::take);

        Receipt receipt = send(batch("berlin-1"));

        assertThat(receipt.counted()).isEqualTo(bus() instanceof DirectBus);
    }

    @Test
    void theWatermarkStaysBelowWhatIsNotAcknowledgedAndPassesWhatIs() throws Exception {
        CompletableFuture<Receipt> held = new CompletableFuture<>();
        bus().deliverTo(batch -> {
            recorded.add(batch);
            return held;
        });
        Batch batch = batch("berlin-1");
        CompletionStage<Receipt> sent = bus().record(batch);
        await().atMost(PATIENCE).until(() -> !recorded.isEmpty());

        assertThat(bus().watermarkMs()).isLessThan(batch.recvTsMs());

        held.complete(new Receipt(1, 0, 0, true));
        sent.toCompletableFuture().get(20, TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> bus().watermarkMs() > batch.recvTsMs());
    }

    final Receipt send(Batch batch) throws Exception {
        return bus().record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    final CompletionStage<Receipt> take(Batch batch) {
        recorded.add(batch);
        return CompletableFuture.completedFuture(new Receipt(batch.samples().size(), 0, 0, true));
    }

    final CompletionStage<Receipt> refuse(Batch batch) {
        recorded.add(batch);
        return CompletableFuture.failedFuture(new Unavailable("the journal is away", 1, null));
    }

    final long timesRecorded(Batch batch) {
        return recorded.stream().filter(batch::equals).count();
    }

    static Batch batch(String source) {
        long now = System.currentTimeMillis();
        Sample sample = new Sample(UUID.randomUUID(), "http://a/", now, new double[] {1.25}, Sample.SUCCESS, "");
        return new Batch(
                new SourceId("default", "qoe", source, 0), now, Map.of("user_label", "office"), List.of(sample), false);
    }
}

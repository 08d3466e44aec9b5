package io.sonde.bus;

import io.nats.client.JetStream;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Causes;
import io.sonde.core.Receipt;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Batches into the stream. A batch is taken once the server has acknowledged it; how many may wait for that is bounded. */
final class Publisher {
    private static final int RETRY_AFTER_SECONDS = 5;

    private final JetStream jetStream;
    private final Tracing tracing;
    private final Clock clock;
    private final BusMetrics metrics;
    private final long patienceMs;
    private final Room room;
    private final AtomicLong highestSequence = new AtomicLong();

    Publisher(
            JetStream jetStream,
            JetStreamSettings.Publishing settings,
            Tracing tracing,
            Clock clock,
            BusMetrics metrics) {
        this.jetStream = jetStream;
        this.tracing = tracing;
        this.clock = clock;
        this.metrics = metrics;
        this.patienceMs = StreamWatermark.onItsWayMs(settings);
        this.room = new Room(settings.mostBatches(), settings.mostBytes());
    }

    /** All or none: of a request that is published in part and sent again, that part waits twice. */
    List<CompletionStage<Receipt>> publish(List<Batch> batches) {
        List<byte[]> messages = batches.stream().map(BatchFormat::write).toList();
        long size = messages.stream().mapToLong(bytes -> bytes.length).sum();
        if (!room.tryEnter(messages.size(), size)) {
            Unavailable full = new Unavailable("too much waits for the bus already", RETRY_AFTER_SECONDS, null);
            return Collections.nCopies(messages.size(), CompletableFuture.failedFuture(full));
        }
        List<CompletionStage<Receipt>> begun = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            begun.add(publish(batches.get(i), messages.get(i)));
        }
        return begun;
    }

    /** The highest sequence number the stream has acknowledged to this node since {@link #forget()}; 0 before the first. */
    long highestSequence() {
        return highestSequence.get();
    }

    /** The stream counts anew. */
    void forget() {
        highestSequence.set(0);
    }

    private CompletionStage<Receipt> publish(Batch batch, byte[] bytes) {
        Tracing.Step step = tracing.begin(Tracing.Hop.PUBLISH, batch.contexts());
        long beganNanos = System.nanoTime();
        return send(batch.after(step), bytes).handle((ack, failure) -> {
            metrics.published(System.nanoTime() - beganNanos);
            room.leave(bytes.length);
            step.end(failure);
            return answer(batch, ack, failure);
        });
    }

    private CompletionStage<PublishAck> send(Batch batch, byte[] bytes) {
        // So that the events of a message that nobody can read are counted all the same.
        Headers headers = new Headers()
                .add(DeadLetter.EVENTS, Integer.toString(batch.samples().size()));
        TraceHeaders.add(batch.traces(), headers);
        String subject =
                TelemetryStream.subject(batch.source().tenant(), batch.source().kind());
        try {
            return jetStream.publishAsync(subject, headers, bytes);
        } catch (IllegalStateException | IllegalArgumentException disconnectedOrTooLarge) {
            return CompletableFuture.failedFuture(disconnectedOrTooLarge);
        }
    }

    private Receipt answer(Batch batch, @Nullable PublishAck ack, @Nullable Throwable failure) {
        if (failure != null || ack == null) {
            throw unavailable(failure);
        }
        highestSequence.accumulateAndGet(ack.getSeqno(), Math::max);
        // Past that the watermark may have passed the batch before the stream had it.
        if (clock.millis() - batch.recvTsMs() > patienceMs) {
            throw new Unavailable("it took too long to be sure", RETRY_AFTER_SECONDS, null);
        }
        return new Receipt(batch.samples().size(), 0, 0, false);
    }

    private static Unavailable unavailable(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        String said = cause == null ? "no answer" : cause.getMessage();
        return new Unavailable("the bus did not take it: " + said, RETRY_AFTER_SECONDS, cause);
    }
}

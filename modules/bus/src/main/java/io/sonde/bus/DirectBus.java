package io.sonde.bus;

import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** No bus at all: the recorder is asked at once, and its receipt is the sender's. */
public final class DirectBus implements Bus {
    private final Clock clock;
    private final long patienceMs;
    private final AtomicReference<@Nullable Recorder> recorder = new AtomicReference<>();

    /**
     * @param patience after which an unanswered batch counts as never sent: the recorder's time-out and what the clocks
     *     of two nodes may differ
     */
    public DirectBus(Clock clock, Duration patience) {
        this.clock = clock;
        this.patienceMs = patience.toMillis();
    }

    @Override
    public void deliverTo(Recorder to) {
        recorder.set(to);
    }

    @Override
    public CompletionStage<Receipt> record(Batch batch) {
        Recorder to = recorder.get();
        return to == null
                ? CompletableFuture.failedFuture(new Unavailable("not started", 1, null))
                : to.record(batch).thenApply(receipt -> inTime(batch, receipt));
    }

    /** Past the patience the watermark may have passed the batch, and its window sealed before it came. */
    private Receipt inTime(Batch batch, Receipt receipt) {
        if (clock.millis() - batch.recvTsMs() > patienceMs) {
            throw new Unavailable("it took too long to be sure", 1, null);
        }
        return receipt;
    }

    @Override
    public boolean isReady() {
        return recorder.get() != null;
    }

    @Override
    public long watermarkMs() {
        return clock.millis() - patienceMs;
    }

    @Override
    public void close() {
        recorder.set(null);
    }
}

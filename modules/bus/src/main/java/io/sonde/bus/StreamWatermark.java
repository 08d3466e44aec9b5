package io.sonde.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.sonde.core.Watermark;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watermark of the stream, asked of the server each second. Every batch was received at most {@code onItsWayMs}
 * before the stream stored it, so below the oldest unacknowledged message's time less that, nothing can still come.
 * It never goes back.
 */
final class StreamWatermark implements Watermark, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWatermark.class);
    /** From the stamp of its receipt to its publication, and what two clocks may differ. */
    private static final long MARGIN_MS = 2_000;

    private final TelemetryStream stream;
    private final long onItsWayMs;
    private final Clock clock;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(StreamWatermark::thread);
    private volatile long watermarkMs = Long.MIN_VALUE;

    private StreamWatermark(TelemetryStream stream, long onItsWayMs, Clock clock) {
        this.stream = stream;
        this.onItsWayMs = onItsWayMs;
        this.clock = clock;
    }

    static StreamWatermark follow(TelemetryStream stream, Duration publishTimeout, Clock clock) {
        StreamWatermark watermark = new StreamWatermark(stream, publishTimeout.toMillis() + MARGIN_MS, clock);
        var unused = watermark.poller.scheduleWithFixedDelay(watermark::poll, 0, 1, TimeUnit.SECONDS);
        return watermark;
    }

    /** Whether a batch that is in the stream by now came there before the watermark could pass its receipt. */
    boolean isInTime(long recvTsMs) {
        return clock.millis() - recvTsMs <= onItsWayMs;
    }

    @Override
    public long watermarkMs() {
        return watermarkMs;
    }

    private void poll() {
        try {
            long asked = clock.millis();
            ConsumerInfo info = stream.consumerInfo();
            boolean drained = info.getNumPending() == 0 && info.getNumAckPending() == 0;
            long oldestMs = drained
                    ? asked
                    : stream.firstAfter(info.getAckFloor().getStreamSequence())
                            .getTime()
                            .toInstant()
                            .toEpochMilli();
            watermarkMs = Math.max(watermarkMs, oldestMs - onItsWayMs);
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            // Standing still is always safe: windows are kept until it moves.
            LOG.debug("the watermark stands at {}", watermarkMs, e);
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "sonde-watermark");
        thread.setDaemon(true);
        return thread;
    }
}

package io.sonde.query;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has not taken yet. What finds no room is skipped, until half of it is free again; how many were is said before what
 * follows, or with the next heartbeat.
 */
final class Backlog {
    private final int most;
    private final long mostBytes;
    private final LongFunction<String> skips;
    private final StreamMetrics metrics;
    private final AtomicLong bytes = new AtomicLong();
    private @Nullable BoundedSourceQueue<String> queue;
    private long skipped;

    /** @param skips says how many were skipped */
    Backlog(StreamSettings settings, LongFunction<String> skips, StreamMetrics metrics) {
        this.most = settings.maxWaiting();
        this.mostBytes = settings.maxWaitingBytes();
        this.skips = skips;
        this.metrics = metrics;
    }

    /** What is said to the reader from now on. */
    Source<String, Backlog> source() {
        // One more than there is room for: the word of what was skipped is not skipped.
        return Source.<String>queue(most + 1).mapMaterializedValue(this::into).map(this::taken);
    }

    synchronized void offer(String message) {
        if (queue == null) {
            return;
        }
        if (skipped > 0 && isHalfFree()) {
            put(queue, skips.apply(skipped));
            skipped = 0;
        }
        if (skipped > 0 || queue.size() >= most || bytes.get() + message.length() > mostBytes) {
            skipped++;
            metrics.skipped.inc();
        } else {
            put(queue, message);
        }
    }

    private synchronized Backlog into(BoundedSourceQueue<String> opened) {
        queue = opened;
        return this;
    }

    private boolean isHalfFree() {
        return queue != null && queue.size() <= most / 2 && bytes.get() <= mostBytes / 2;
    }

    private void put(BoundedSourceQueue<String> to, String message) {
        if (to.offer(message).isEnqueued()) {
            bytes.addAndGet(message.length());
        }
    }

    private String taken(String message) {
        bytes.addAndGet(-message.length());
        metrics.sent.inc();
        return message;
    }
}

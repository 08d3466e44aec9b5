package io.sonde.probe;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that wait for the node: on disk, and while the disk takes none, a bounded number of them in memory, so that the
 * probe goes on measuring and sending. One thread uses it; nothing of it fails.
 */
final class EventQueue implements Closeable {
    /** How many events are kept in memory while the disk takes none. */
    static final int MEMORY = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    private final Spool spool;
    private final AgentCounters counters;
    private final List<String> memory = new ArrayList<>();
    private @Nullable Batch underWay;
    private int underWayFromMemory;
    private boolean failing;

    EventQueue(Spool spool, AgentCounters counters) {
        this.spool = spool;
        this.counters = counters;
        counters.waiting(waiting());
    }

    /** From here on the events survive the end of this process, unless the disk takes none. */
    void hold(List<String> events) {
        for (String event : events) {
            if (event.length() * 3 > SpoolFormat.EVENT_LIMIT) {
                counters.dropped("too_large", 1);
            } else {
                memory.add(event);
            }
        }
        if (underWayFromMemory == 0) {
            write();
        }
        while (memory.size() - underWayFromMemory > MEMORY) {
            memory.remove(underWayFromMemory);
            counters.dropped("disk_failed", 1);
        }
        counters.waiting(waiting());
    }

    /** The oldest events, at most so many; nothing else is handed out until they are settled or given back. */
    List<String> next(int most) {
        Batch batch = spool.peek(most);
        if (batch.size() > 0) {
            underWay = batch;
            return batch.json();
        }
        List<String> events = memory.stream().limit(most).toList();
        underWayFromMemory = events.size();
        return events;
    }

    /** The first {@code count} of what is under way are answered for; the others are given back. */
    void settle(int count) {
        Batch batch = underWay;
        if (batch != null) {
            spool.settle(batch.first(count));
        }
        memory.subList(0, Math.min(count, underWayFromMemory)).clear();
        underWay = null;
        underWayFromMemory = 0;
        counters.waiting(waiting());
    }

    /** What is under way comes again. */
    void giveBack() {
        spool.giveBack();
        underWay = null;
        underWayFromMemory = 0;
    }

    long waiting() {
        return spool.waiting() + memory.size();
    }

    /** Whether a power cut could cost events that wait. */
    boolean isExposed() {
        return spool.isExposed();
    }

    void sync() {
        try {
            spool.sync();
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public void close() {
        try {
            if (!memory.isEmpty()) {
                write();
            }
            spool.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void write() {
        try {
            spool.append(memory);
            if (failing) {
                failing = false;
                LOG.info("events are kept on disk again");
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException failure) {
        counters.writeFailed();
        if (!failing) {
            failing = true;
            LOG.warn("the disk takes no events ({}): up to {} are kept in memory, then the oldest go", failure, MEMORY);
        }
    }
}

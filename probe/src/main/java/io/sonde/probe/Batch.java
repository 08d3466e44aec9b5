package io.sonde.probe;

import java.util.List;

/**
 * The oldest events of the queue, on their way.
 *
 * @param from the first sequence number it answers for
 * @param end the first one it does not; where numbers between have no event, that event could not be read
 */
record Batch(List<HeldEvent> events, long from, long end) {
    Batch {
        events = List.copyOf(events);
    }

    List<String> json() {
        return events.stream().map(HeldEvent::json).toList();
    }

    int size() {
        return events.size();
    }

    long unreadable() {
        return end - from - events.size();
    }

    /** The first {@code count} events, and what could not be read before the last of them. */
    Batch first(int count) {
        return count >= events.size()
                ? this
                : new Batch(
                        events.subList(0, count), from, events.get(count - 1).sequence() + 1);
    }
}

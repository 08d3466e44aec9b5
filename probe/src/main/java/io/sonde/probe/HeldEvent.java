package io.sonde.probe;

import java.util.Objects;

/**
 * An event in the queue.
 *
 * @param sequence counts the events of a queue through, over all its files and starts
 * @param json as the node takes it; its {@code event_id} is the one it was measured with, however often it is sent
 */
record HeldEvent(long sequence, String json) {
    HeldEvent {
        Objects.requireNonNull(json);
    }
}

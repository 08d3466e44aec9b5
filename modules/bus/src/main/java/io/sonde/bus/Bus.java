package io.sonde.bus;

import io.sonde.core.Recorder;
import io.sonde.core.Watermark;

/**
 * Carries batches from the edge to a {@link Recorder}, at least once each. {@link #record} completes when the batch is
 * safe: in the bus, or further, as its receipt says.
 */
public interface Bus extends Recorder, Watermark, AutoCloseable {
    /** Begins to deliver; called once. */
    void deliverTo(Recorder recorder);

    /** True while batches can be taken. */
    boolean isReady();

    /** Stops to deliver and lets go of connections; what is not acknowledged comes again to whoever is next. */
    @Override
    void close();
}

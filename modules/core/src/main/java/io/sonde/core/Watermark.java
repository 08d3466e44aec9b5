package io.sonde.core;

/** A receipt time below which every event is acknowledged: nothing received before it can still arrive. */
@FunctionalInterface
public interface Watermark {
    /** Epoch ms at the edge's clock; {@link Long#MIN_VALUE} while unknown. Cheap, never blocks. */
    long watermarkMs();
}

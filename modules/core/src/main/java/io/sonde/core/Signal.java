package io.sonde.core;

import java.util.List;

/** A kind of telemetry: its shape, its event format and its rules. Adding one touches nothing else of the engine. */
public interface Signal {
    Kind kind();

    /**
     * Reads a body of one event, an array of events, or one event per line.
     *
     * @param lines true when each line is one event (NDJSON): a broken line then refuses that line alone
     * @param recvTsMs when it was received, epoch ms; an event more than 5 min ahead of it is refused
     * @param maxEvents more than that is a {@link MalformedBody}
     */
    Readings read(byte[] body, boolean lines, long recvTsMs, int maxEvents) throws MalformedBody;

    /**
     * The rules with these thresholds.
     *
     * @param thresholds those of {@code sonde.diagnosis.rules} under the kind's name
     * @throws IllegalArgumentException that names what is missing or cannot be
     */
    RulePack rules(Thresholds thresholds);

    /** What a window of this kind is to tools that know such numbers by names of their own; none unless it says so. */
    default List<WindowGauge> gauges() {
        return List.of();
    }
}

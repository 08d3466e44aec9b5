package io.sonde.views;

import io.sonde.core.WindowAggregate;
import java.util.Objects;

/**
 * One window as the read side keeps it, of any resolution.
 *
 * @param seriesId the read side's number of the series
 * @param updatedMs when its newest revision was journalled, epoch ms: the same on every replay
 */
public record WindowRow(long seriesId, String source, WindowAggregate aggregate, Diagnosis diagnosis, long updatedMs) {
    public WindowRow {
        Objects.requireNonNull(source);
        Objects.requireNonNull(aggregate);
        Objects.requireNonNull(diagnosis);
    }

    public Position position() {
        return new Position(seriesId, aggregate.startMs());
    }
}

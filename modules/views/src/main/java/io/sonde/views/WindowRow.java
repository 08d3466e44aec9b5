package io.sonde.views;

import io.sonde.core.WindowAggregate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One window as the read side keeps it, of any resolution.
 *
 * @param seriesId the read side's number of the series
 * @param label the verdict on a minute, null without one; longer windows have none
 * @param updatedMs when its newest revision was journalled, epoch ms: the same on every replay
 */
public record WindowRow(
        long seriesId, String source, WindowAggregate aggregate, @Nullable String label, long updatedMs) {
    public WindowRow {
        Objects.requireNonNull(source);
        Objects.requireNonNull(aggregate);
    }

    public Position position() {
        return new Position(seriesId, aggregate.startMs());
    }
}

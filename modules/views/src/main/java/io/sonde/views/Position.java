package io.sonde.views;

import java.util.Comparator;

/** Which window: its series and its start, epoch ms; in this order windows are listed. */
public record Position(long seriesId, long startMs) implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::seriesId).thenComparingLong(Position::startMs);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }
}

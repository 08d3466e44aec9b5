package io.sonde.views;

import java.util.List;

/**
 * The answer to a {@link LastQuery}.
 *
 * @param leftOut how many series there are beyond its limit
 */
public record LastWindows(List<WindowRow> rows, long leftOut) {
    public LastWindows {
        rows = List.copyOf(rows);
    }
}

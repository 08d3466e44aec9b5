package io.sonde.views;

import java.util.List;

/**
 * Some rows of a slice in order.
 *
 * @param end the offset of the last one, or where the page was looked for when it has none
 * @param more false when nothing was left to read after it
 */
record JournalPage(List<Journalled> rows, JournalOffset end, boolean more) {
    JournalPage {
        rows = List.copyOf(rows);
    }

    /** To read on from. */
    static JournalPage before(JournalOffset start) {
        return new JournalPage(List.of(), start, true);
    }
}

package io.sonde.views;

import java.util.Comparator;

/**
 * A place in the journal of closed windows, whose order is that of the transactions that wrote it.
 *
 * @param xid the transaction's number, which PostgreSQL gives out in order and never again
 * @param ordering the row's number among those of its transaction
 */
record JournalOffset(long xid, long ordering) implements Comparable<JournalOffset> {
    static final JournalOffset START = new JournalOffset(0, 0);

    private static final Comparator<JournalOffset> ORDER =
            Comparator.comparingLong(JournalOffset::xid).thenComparingLong(JournalOffset::ordering);

    /** @throws IllegalArgumentException when {@code text} is not what {@link #toString} makes */
    static JournalOffset parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not an offset of the journal of closed windows: " + text);
        }
        return new JournalOffset(Long.parseLong(text, 0, slash, 10), Long.parseLong(text.substring(slash + 1)));
    }

    @Override
    public int compareTo(JournalOffset other) {
        return ORDER.compare(this, other);
    }

    /** As it is stored: {@code xid/ordering}. */
    @Override
    public String toString() {
        return xid + "/" + ordering;
    }
}

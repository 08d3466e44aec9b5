package io.sonde.views;

import io.sonde.core.Unavailable;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * The tails of many windows, each linked to the one before of its series. They are many and are gone through series by
 * series, so that what belongs to one window lies together: the window before, the count, the end, the values.
 */
final class Tails implements TailFormat.Reader {
    static final int NONE = -1;

    private static final int COUNT = 1;
    private static final int END = 2;
    private static final int VALUES = 3;
    private static final int SKETCHED = 1;
    /** 128 MiB: an hour of 20,000 series. */
    private static final int MOST = 1 << 24;

    private final LongPredicate wanted;
    private final LongNumbers numbers = new LongNumbers();
    private int[] newest = new int[1 << 10];
    private long[] minutes = new long[1 << 10];
    private long[] revisions = new long[1 << 10];

    private long[] windows = new long[1 << 14];
    private int size;
    private int window;

    private long minuteMs;
    private boolean ignoring;

    /** @param wanted of which series tails are to be kept */
    Tails(LongPredicate wanted) {
        this.wanted = wanted;
    }

    /** What is read next starts then; minutes come in order. */
    void minute(long startMs) {
        minuteMs = startMs;
    }

    /** Of a window that is there already the higher revision stays. */
    @Override
    public void window(long series, long revision, long count, boolean sketched) {
        ignoring = !wanted.test(series);
        if (ignoring) {
            return;
        }
        int number = numbers.of(series);
        if (number == newest.length) {
            newest = Arrays.copyOf(newest, number * 2);
            minutes = Arrays.copyOf(minutes, number * 2);
            revisions = Arrays.copyOf(revisions, number * 2);
        }
        int before = numbers.isNew() ? NONE : newest[number];
        if (before != NONE && minutes[number] == minuteMs) {
            ignoring = revision <= revisions[number];
            if (ignoring) {
                return;
            }
            before = before(before);
        }
        newest[number] = size;
        minutes[number] = minuteMs;
        revisions[number] = revision;
        begin(before, count, sketched);
    }

    private void begin(int before, long count, boolean sketched) {
        room(VALUES);
        window = size;
        windows[window] = before;
        windows[window + COUNT] = (count << 1) | (sketched ? SKETCHED : 0);
        size += VALUES;
        windows[window + END] = size;
    }

    @Override
    public void value(long units, double weight) {
        if (ignoring) {
            return;
        }
        room(2);
        windows[size++] = units;
        if (step(window) == 2) {
            windows[size++] = Double.doubleToRawLongBits(weight);
        }
        windows[window + END] = size;
    }

    private void room(int more) {
        if (size + more > windows.length) {
            if (windows.length >= MOST) {
                throw new Unavailable(
                        "that is more than can be ranked at a time: ask for less time or one target", 5, null);
            }
            windows = Arrays.copyOf(windows, windows.length * 2);
        }
    }

    /** How many series there are. */
    int series() {
        return numbers.size();
    }

    long id(int series) {
        return numbers.get(series);
    }

    int newest(int series) {
        return newest[series];
    }

    /** The window before of the same series; {@link #NONE} when it was the first. */
    int before(int of) {
        return (int) windows[of];
    }

    long count(int of) {
        return windows[of + COUNT] >>> 1;
    }

    /** Where its highest value is. */
    int begin(int of) {
        return of + VALUES;
    }

    int end(int of) {
        return (int) windows[of + END];
    }

    /** From a value to the next one. */
    int step(int of) {
        return 1 + (int) (windows[of + COUNT] & SKETCHED);
    }

    /** In thousandths, rounded up. */
    long units(int at) {
        return windows[at];
    }

    /** @param step that of its window */
    double weight(int at, int step) {
        return step == 1 ? 1 : Double.longBitsToDouble(windows[at + 1]);
    }
}

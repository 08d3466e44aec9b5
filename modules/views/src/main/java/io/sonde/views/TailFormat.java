package io.sonde.views;

import io.sonde.core.Distribution;
import io.sonde.core.Packer;
import io.sonde.core.SketchBin;
import io.sonde.core.Unpacker;
import java.util.ArrayList;
import java.util.List;

/**
 * Tails of windows as bytes, for {@code window_tail.tails}: version, then of each window, by the numbers of their series,
 * the series, the revision, the count, and its highest values, from the highest down. Values are in thousandths, rounded
 * up; most of them are whole ones anyway. Those of a sketch come each with how many times it is there.
 */
final class TailFormat {
    private static final double SCALE = 1_000;
    private static final int VERSION = 1;
    /** What lies above a p95, half as much again, and a little more: so much of one window may lie above that of many. */
    private static final double SHARE = 0.08;

    private static final int AND_AT_LEAST = 2;

    private final Packer to = new Packer(4_096).u8(VERSION);
    private long lastSeries;

    /** One value of a sketch. */
    private record Weighted(long units, double weight) {}

    /** To be called by ascending numbers of series, of a measure that has values. */
    void add(long series, long revision, Distribution of) {
        List<Weighted> tail = tail(of);
        boolean sketched = !of.summary().exact();
        to.count(series - lastSeries)
                .count(revision)
                .count(of.count())
                .count(((long) tail.size() << 1) | (sketched ? 1 : 0));
        lastSeries = series;
        long last = 0;
        for (int i = 0; i < tail.size(); i++) {
            Weighted value = tail.get(i);
            to.signed(i == 0 ? value.units() : last - value.units());
            last = value.units();
            if (sketched) {
                to.number(value.weight());
            }
        }
    }

    byte[] toBytes() {
        return to.toBytes();
    }

    /**
     * Down to a value in a lower bin than that of the p95: without it, all values may be higher than what a sketch says of
     * that bin, and of series that share it each would have to be merged. Not for more than twice the values.
     */
    private static List<Weighted> tail(Distribution of) {
        double enough = AND_AT_LEAST + SHARE * of.count();
        double most = of.summary().exact() ? 2 * enough : Double.POSITIVE_INFINITY;
        double lower = SketchBin.of(of.p95()).lowest();
        double[] passed = {0};
        List<Weighted> tail = new ArrayList<>();
        of.summary().descend((value, weight) -> {
            tail.add(new Weighted(unitsUp(value), weight));
            passed[0] += weight;
            return passed[0] < enough || (value >= lower && passed[0] < most);
        });
        return tail;
    }

    /** The smallest number of thousandths that is not below the value. */
    static long unitsUp(double value) {
        long units = (long) Math.ceil(value * SCALE);
        while (highest(units) < value) {
            units++;
        }
        return units;
    }

    /** What was written was this or less … */
    static double highest(long units) {
        return units / SCALE;
    }

    /** … and more than this. */
    static double lowest(long units) {
        return (units - 1) / SCALE;
    }

    static MinuteTails read(byte[] bytes) {
        Unpacker from = new Unpacker(bytes);
        from.version("tails", VERSION);
        MinuteTails.Builder into = new MinuteTails.Builder();
        long series = 0;
        while (from.hasMore()) {
            series += from.count();
            into.window(series, from.count(), from.small());
            int form = from.small();
            boolean sketched = (form & 1) == 1;
            long units = 0;
            int size = form >>> 1;
            for (int i = 0; i < size; i++) {
                long step = from.signed();
                units = i == 0 ? step : units - step;
                into.value(units, sketched ? from.number() : 1);
            }
        }
        return into.build();
    }
}

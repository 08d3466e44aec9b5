package io.sonde.diagnosis;

import io.sonde.core.Baselines;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import io.sonde.core.Packer;
import io.sonde.core.Quantile;
import io.sonde.core.Unpacker;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is usual for a series: its last healthy windows, and its spread. */
final class Usual {
    /** How many healthy windows make the baseline. */
    static final int BASELINE = 10;
    /** So many more are kept, for a window before them that is revised. */
    private static final int BEFORE = 5;
    /** So many of the last windows teach no spread yet: they may be the first of an incident, which teach none. */
    private static final int UNDECIDED = 2;
    /** From so many windows on the middle one is not the wild first minute of a probe. */
    private static final int ENOUGH = 3;
    /** Of a series that was not healthy for so long, and has no incident, this is what is usual now. */
    private static final long OUTDATED_MS = 24 * 60 * 60_000L;

    /** By their starts: {@link Quantile#all} of each. */
    private final TreeMap<Long, double[]> healthy = new TreeMap<>();
    /** By their starts: {@link Spread#differences} of each. */
    private final TreeMap<Long, double[]> undecided = new TreeMap<>();

    private final Spread spread;

    Usual() {
        this(new Spread());
    }

    private Usual(Spread spread) {
        this.spread = spread;
    }

    /** For a window that starts then; a number that too few of the windows have has no baseline. */
    Baselines before(long startMs, DiagnosisSettings settings, List<Norm> sameHour) {
        List<Norm> recent = Norms.of(healthyBefore(startMs), settings.robust()).stream()
                .map(norm -> norm.windows() < settings.minimumWindows() ? Norm.NONE : norm)
                .toList();
        return new Baselines(recent, sameHour, spread.deviations());
    }

    int windowsBefore(long startMs) {
        return healthyBefore(startMs).size();
    }

    /** @param calm no incident is open */
    void learn(WindowAggregate window, Judgement judgement, boolean calm) {
        long startMs = window.startMs();
        if (calm && !healthy.isEmpty() && healthy.lastKey() < startMs - OUTDATED_MS) {
            forget();
        }
        double[] numbers = Quantile.all(window);
        learnSpread(startMs, numbers, calm);
        if (judgement.isUnblemished() && window.success() > 0) {
            healthy.put(startMs, numbers);
        } else {
            healthy.remove(startMs);
        }
        if (healthy.size() > BASELINE + BEFORE) {
            healthy.pollFirstEntry();
        }
    }

    void forget() {
        healthy.clear();
        undecided.clear();
        spread.forget();
    }

    void write(Packer to) {
        write(healthy, to);
        write(undecided, to);
        spread.write(to);
    }

    static Usual read(Unpacker from) {
        Map<Long, double[]> healthy = windows(from);
        Map<Long, double[]> undecided = windows(from);
        var usual = new Usual(Spread.read(from));
        usual.healthy.putAll(healthy);
        usual.undecided.putAll(undecided);
        return usual;
    }

    private void learnSpread(long startMs, double[] numbers, boolean calm) {
        List<double[]> before = healthyBefore(startMs);
        if (before.size() >= ENOUGH && (undecided.isEmpty() || startMs >= undecided.lastKey())) {
            undecided.put(startMs, Spread.differences(numbers, Norms.of(before, true)));
        }
        if (undecided.size() > UNDECIDED) {
            double[] decided = undecided.pollFirstEntry().getValue();
            if (calm) {
                spread.learn(decided);
            }
        }
    }

    private List<double[]> healthyBefore(long startMs) {
        return healthy.headMap(startMs, false).descendingMap().values().stream()
                .limit(BASELINE)
                .toList();
    }

    private static void write(Map<Long, double[]> windows, Packer to) {
        to.count(windows.size());
        windows.forEach((startMs, numbers) -> {
            to.count(startMs).count(numbers.length);
            for (double number : numbers) {
                to.number(number);
            }
        });
    }

    private static Map<Long, double[]> windows(Unpacker from) {
        Map<Long, double[]> windows = new TreeMap<>();
        for (int left = from.size(2); left > 0; left--) {
            long startMs = from.count();
            double[] numbers = new double[from.size(1)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = from.number();
            }
            windows.put(startMs, numbers);
        }
        return windows;
    }
}

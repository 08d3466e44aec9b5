package io.sonde.bench;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What the tables grow from one moment to another. */
final class DiskGrowth implements Looking.Look {
    private final SizesTable table;
    private final long firstMs;
    private final long lastMs;
    private Map<String, Long> first = Map.of();
    private Map<String, Long> last = Map.of();

    DiskGrowth(SizesTable table, long firstMs, long lastMs) {
        this.table = table;
        this.firstMs = firstMs;
        this.lastMs = lastMs;
    }

    @Override
    public void into(Histogram nothing) throws SQLException {
        long nowMs = System.currentTimeMillis();
        if (first.isEmpty() && nowMs >= firstMs) {
            first = table.read();
        } else if (last.isEmpty() && nowMs >= lastMs) {
            last = table.read();
        }
    }

    /** Bytes, by an event of those that came in between. */
    double perEvent(double eventsPerSecond) {
        return (SizesTable.total(last) - SizesTable.total(first)) / events(eventsPerSecond);
    }

    String byTable(double eventsPerSecond) {
        Map<String, Double> grown = new TreeMap<>();
        last.forEach(
                (name, bytes) -> grown.put(name, (bytes - first.getOrDefault(name, 0L)) / events(eventsPerSecond)));
        StringBuilder text = new StringBuilder("Growth by table, bytes per event:");
        grown.forEach(
                (name, bytes) -> text.append(bytes == 0 ? "" : String.format(Locale.ROOT, " `%s` %.2f", name, bytes)));
        return text.append('.').toString();
    }

    private double events(double eventsPerSecond) {
        return eventsPerSecond * (lastMs - firstMs) / 1_000;
    }
}

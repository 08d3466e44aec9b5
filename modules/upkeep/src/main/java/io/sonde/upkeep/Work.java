package io.sonde.upkeep;

import java.util.ArrayList;
import java.util.List;

/**
 * What was done, or would be.
 *
 * @param partitions made or dropped
 * @param rows deleted one by one
 * @param bytes that the dropped partitions took with their indexes, and the deleted rows without
 * @param said one line for each partition
 */
public record Work(int partitions, long rows, long bytes, List<String> said) {
    static final Work NONE = new Work(0, 0, 0, List.of());

    public Work {
        said = List.copyOf(said);
    }

    static Work partition(String said, long bytes) {
        return new Work(1, 0, bytes, List.of(said));
    }

    static Work rows(long rows, long bytes) {
        return new Work(0, rows, bytes, List.of());
    }

    Work and(Work more) {
        List<String> all = new ArrayList<>(said);
        all.addAll(more.said);
        return new Work(partitions + more.partitions, rows + more.rows, bytes + more.bytes, all);
    }

    public boolean isNone() {
        return partitions == 0 && rows == 0;
    }
}

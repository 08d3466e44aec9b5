package io.sonde.upkeep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an upkeep came to, part by part, in their order.
 *
 * @param work of each part; none of those that failed
 * @param errors of those that failed
 */
public record UpkeepReport(Map<String, Work> work, Map<String, String> errors) {
    public UpkeepReport {
        work = Collections.unmodifiableMap(new LinkedHashMap<>(work));
        errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
    }

    public Work of(String what) {
        return work.getOrDefault(what, Work.NONE);
    }

    /** In one line each: what was done, or would be, and what failed. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        work.forEach((what, done) -> {
            if (!done.isNone()) {
                lines.add(what + ": " + done.partitions() + " partitions, " + done.rows() + " rows, " + done.bytes()
                        + " bytes");
                done.said().forEach(line -> lines.add("  " + line));
            }
        });
        errors.forEach((what, error) -> lines.add(what + " failed: " + error));
        return lines;
    }
}

package io.sonde.app.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a PostgreSQL says of itself.
 *
 * @param version major
 * @param settings by name, as {@code pg_settings} has them
 * @param missingRights in words, none when all are there
 * @param seesOthers whether it may see what other roles do
 * @param othersConnections of anybody but nodes
 * @param openTransaction that keeps projections from reading on, in words
 * @param months of which there are partitions, {@code YYYY_MM}
 * @param clockAheadMs how far our clock is ahead of its own, at least
 */
record PostgresFacts(
        int version,
        Map<String, String> settings,
        List<String> missingRights,
        boolean seesOthers,
        int othersConnections,
        Optional<String> openTransaction,
        List<String> months,
        long clockAheadMs) {
    PostgresFacts {
        settings = Map.copyOf(settings);
        missingRights = List.copyOf(missingRights);
        months = List.copyOf(months);
    }

    String setting(String name) {
        return settings.getOrDefault(name, "unknown");
    }
}

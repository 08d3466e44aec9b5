package io.sonde.views;

import io.sonde.core.Verdict;
import io.sonde.diagnosis.Incident;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One incident as the read side keeps it. Times are starts of windows, epoch ms.
 *
 * @param seriesId the read side's number of the series, or {@link #NO_SERIES}
 * @param state one of {@link IncidentQuery#STATES}
 * @param version of two the higher is the newer
 * @param onsetMs the first of the windows that opened it
 * @param openedMs the window that opened it
 * @param lastSeenMs the last window that was limited by it
 * @param endedMs the first window that was not any more; null while it is open
 * @param peakMs the worst window
 * @param peak what was said of that one, by {@code rules}
 * @param timeline the labels of the series from the onset on, one entry per change
 * @param updatedMs when this version was journalled, epoch ms: the same on every replay; 0 of one that was told and not read
 */
public record IncidentRow(
        String id,
        long seriesId,
        String source,
        String target,
        String label,
        String state,
        long version,
        long onsetMs,
        long openedMs,
        long lastSeenMs,
        @Nullable Long endedMs,
        long peakMs,
        Verdict peak,
        String rules,
        List<Change> timeline,
        long updatedMs) {
    /** Of one that was told and not read. */
    static final long NO_SERIES = -1;

    /** From this window on the series had this label. */
    public record Change(long startMs, String label) {
        public Change {
            Objects.requireNonNull(label);
        }
    }

    public IncidentRow {
        Objects.requireNonNull(id);
        Objects.requireNonNull(source);
        Objects.requireNonNull(target);
        Objects.requireNonNull(label);
        Objects.requireNonNull(state);
        Objects.requireNonNull(peak);
        Objects.requireNonNull(rules);
        timeline = List.copyOf(timeline);
    }

    /** As it is after it was stored. */
    static IncidentRow of(long seriesId, String source, Incident incident, long updatedMs) {
        return new IncidentRow(
                StoredText.of(incident.id()),
                seriesId,
                StoredText.of(source),
                StoredText.of(incident.target()),
                StoredText.of(incident.label()),
                code(incident.state()),
                incident.version(),
                incident.onsetMs(),
                incident.openedMs(),
                incident.lastSeenMs(),
                incident.isOpen() ? null : incident.endedMs(),
                incident.peakMs(),
                VerdictJson.storable(List.of(incident.peak())).get(0),
                StoredText.of(incident.rules()),
                incident.timeline().stream()
                        .map(change -> new Change(change.startMs(), StoredText.of(change.label())))
                        .toList(),
                updatedMs);
    }

    /** The names of the columns in which the other differs; those of the series by its names. */
    List<String> differences(IncidentRow other) {
        List<String> names = new ArrayList<>();
        compare(names, "series_id", List.of(source, target), List.of(other.source, other.target));
        compare(names, "label", label, other.label);
        compare(names, "state", state, other.state);
        compare(names, "version", version, other.version);
        compare(names, "onset", onsetMs, other.onsetMs);
        compare(names, "opened", openedMs, other.openedMs);
        compare(names, "last_seen", lastSeenMs, other.lastSeenMs);
        compare(names, "ended", endedMs, other.endedMs);
        compare(names, "peak", peakMs, other.peakMs);
        compare(names, "peak_verdict", peak, other.peak);
        compare(names, "rules", rules, other.rules);
        compare(names, "timeline", timeline, other.timeline);
        compare(names, "updated_at", updatedMs, other.updatedMs);
        return names;
    }

    private static <T> void compare(List<String> names, String column, @Nullable T one, @Nullable T other) {
        if (!Objects.equals(one, other)) {
            names.add(column);
        }
    }

    static String code(Incident.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Where it is in the list. */
    public IncidentQuery.Key key() {
        return new IncidentQuery.Key(onsetMs, id);
    }
}

package io.sonde.diagnosis;

import io.sonde.core.SeriesId;
import io.sonde.core.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * One series has been limited by one thing for some time. Times are the starts of windows, epoch ms.
 *
 * @param id the same for ever: of the series, the label and the onset
 * @param version grows with each change; of two the higher is the newer
 * @param onsetMs the first of the windows that opened it
 * @param openedMs the window that opened it
 * @param lastSeenMs the last window that was limited by it
 * @param endedMs the first window that was not any more; 0 while it is open
 * @param peakMs the worst window
 * @param peak what was said of that one
 * @param rules the version of the rules that said it
 * @param timeline the labels of the series from the onset on, one entry per change
 */
public record Incident(
        String id,
        String target,
        String label,
        State state,
        long version,
        long onsetMs,
        long openedMs,
        long lastSeenMs,
        long endedMs,
        long peakMs,
        Verdict peak,
        String rules,
        List<Change> timeline) {
    /** How it stands. Stored by name. */
    public enum State {
        OPEN,
        /** The series is well again. */
        CLEARED,
        /** It lasted so long that this is what is usual now. */
        ACCEPTED,
        /** No window of the series came any more. */
        SILENT
    }

    /** From this window on the series had this label. */
    public record Change(long startMs, String label) {
        public Change {
            Objects.requireNonNull(label);
        }
    }

    private static final int LONGEST_TIMELINE = 100;

    public Incident {
        Objects.requireNonNull(id);
        Objects.requireNonNull(target);
        Objects.requireNonNull(label);
        Objects.requireNonNull(state);
        Objects.requireNonNull(peak);
        Objects.requireNonNull(rules);
        timeline = List.copyOf(timeline);
    }

    static String id(SeriesId series, String label, long onsetMs) {
        String name = String.join(
                "\0", series.tenant(), series.kind(), series.source(), series.target(), label, Long.toString(onsetMs));
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** Another window of it. */
    Incident seen(long startMs, Verdict verdict, String ruleVersion) {
        boolean worse = verdict.severity() > peak.severity();
        return changed(
                state,
                Math.max(lastSeenMs, startMs),
                endedMs,
                worse ? startMs : peakMs,
                worse ? verdict : peak,
                worse ? ruleVersion : rules,
                timeline);
    }

    Incident labelled(long startMs, String now) {
        Change last = timeline.get(timeline.size() - 1);
        if (startMs <= last.startMs() || now.equals(last.label()) || timeline.size() == LONGEST_TIMELINE) {
            return this;
        }
        List<Change> longer = new ArrayList<>(timeline);
        longer.add(new Change(startMs, now));
        return changed(state, lastSeenMs, endedMs, peakMs, peak, rules, longer);
    }

    Incident ended(State how, long atMs) {
        return changed(how, lastSeenMs, atMs, peakMs, peak, rules, timeline);
    }

    private Incident changed(
            State now,
            long lastSeen,
            long ended,
            long worstMs,
            Verdict worst,
            String ruleVersion,
            List<Change> changes) {
        return new Incident(
                id,
                target,
                label,
                now,
                version + 1,
                onsetMs,
                openedMs,
                lastSeen,
                ended,
                worstMs,
                worst,
                ruleVersion,
                changes);
    }
}

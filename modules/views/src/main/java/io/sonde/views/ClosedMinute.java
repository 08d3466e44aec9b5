package io.sonde.views;

import io.sonde.core.SourceId;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.List;
import java.util.Objects;

/**
 * One source's minute, or a later revision of it.
 *
 * @param startMs epoch ms
 * @param windows those that are new; none when the source is silent
 * @param incidents those that it opened, changed or ended, as they are since
 */
public record ClosedMinute(SourceId source, long startMs, List<Window> windows, List<IncidentRow> incidents) {
    /** What was counted, and what is said of it. */
    public record Window(WindowAggregate aggregate, Diagnosis diagnosis) {
        public Window {
            Objects.requireNonNull(aggregate);
            Objects.requireNonNull(diagnosis);
        }
    }

    public ClosedMinute {
        Objects.requireNonNull(source);
        windows = List.copyOf(windows);
        incidents = List.copyOf(incidents);
    }

    static ClosedMinute of(WindowsDiagnosed event) {
        SourceId source = event.closed().source();
        return new ClosedMinute(
                source,
                event.closed().startMs(),
                event.closed().windows().stream()
                        .map(window -> new Window(
                                window, Diagnosis.of(event.judgements().get(window.target()))))
                        .toList(),
                ReadSideStore.told(event).stream()
                        .map(incident -> IncidentRow.of(IncidentRow.NO_SERIES, source.source(), incident, 0))
                        .toList());
    }
}

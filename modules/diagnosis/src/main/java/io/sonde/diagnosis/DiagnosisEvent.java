package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import java.util.Map;
import java.util.Objects;

/** What the journal of closed windows holds, and projections follow. */
public sealed interface DiagnosisEvent {
    void applyTo(Diagnoses diagnoses);

    /**
     * Windows of one source and minute, judged. Of two with the same series and start the higher revision holds.
     *
     * @param labels by target; a target without one has no verdict
     */
    record WindowsDiagnosed(ClosedWindows closed, Map<String, String> labels) implements DiagnosisEvent {
        public WindowsDiagnosed {
            Objects.requireNonNull(closed);
            labels = Map.copyOf(labels);
        }

        @Override
        public void applyTo(Diagnoses diagnoses) {
            diagnoses.remember(closed);
        }
    }
}

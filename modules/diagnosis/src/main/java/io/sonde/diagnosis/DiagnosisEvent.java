package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Judgement;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the journal of closed windows holds, and projections follow. */
public sealed interface DiagnosisEvent {
    void applyTo(Diagnoses diagnoses);

    /**
     * Windows of one source and minute, judged. Of two with the same series and start the higher revision holds.
     *
     * @param judgements by target; a window without one was journalled before there were rules
     * @param incidents those that these windows opened, changed or ended, as they are since
     */
    record WindowsDiagnosed(ClosedWindows closed, Map<String, Judgement> judgements, List<Incident> incidents)
            implements DiagnosisEvent {
        public WindowsDiagnosed {
            Objects.requireNonNull(closed);
            judgements = Map.copyOf(judgements);
            incidents = List.copyOf(incidents);
        }

        @Override
        public void applyTo(Diagnoses diagnoses) {
            diagnoses.remember(this);
        }
    }
}

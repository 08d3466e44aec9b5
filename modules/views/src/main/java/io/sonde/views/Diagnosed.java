package io.sonde.views;

import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.util.Objects;

/**
 * An event of the journal of closed windows.
 *
 * @param writtenMs when it was journalled, epoch ms
 */
record Diagnosed(WindowsDiagnosed event, long writtenMs) {
    Diagnosed {
        Objects.requireNonNull(event);
    }
}

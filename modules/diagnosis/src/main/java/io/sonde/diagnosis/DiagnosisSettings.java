package io.sonde.diagnosis;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * When windows are judged, and when what is said of them becomes an incident.
 *
 * @param opens so many grave windows …
 * @param among … of so many open an incident
 * @param clears so many windows in a row that are not grave end it
 * @param acceptAfter an incident against a baseline that lasts longer is the new normal
 * @param minimumWindows healthy windows there must be to compare with
 * @param minimumSamples events a window must have to be judged
 * @param robust median and median absolute deviation instead of mean and standard deviation
 */
public record DiagnosisSettings(
        int opens,
        int among,
        int clears,
        Duration acceptAfter,
        int minimumWindows,
        int minimumSamples,
        boolean robust) {
    public DiagnosisSettings {
        within("incident.among", among, 1, SeriesDiagnosis.REMEMBERED);
        within("incident.opens", opens, 1, among);
        // Fewer, and the windows that opened an incident would open the next.
        within("incident.clears", clears, among - opens + 1, SeriesDiagnosis.REMEMBERED);
        within("baseline.minimum-windows", minimumWindows, 2, Usual.BASELINE);
        within("baseline.minimum-samples", minimumSamples, 1, 1_000_000);
        if (acceptAfter.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException("sonde.diagnosis.incident.accept-after: expected at least 1 h");
        }
    }

    static DiagnosisSettings from(Config diagnosis) {
        return new DiagnosisSettings(
                diagnosis.getInt("incident.opens"),
                diagnosis.getInt("incident.among"),
                diagnosis.getInt("incident.clears"),
                diagnosis.getDuration("incident.accept-after"),
                diagnosis.getInt("baseline.minimum-windows"),
                diagnosis.getInt("baseline.minimum-samples"),
                diagnosis.getBoolean("baseline.robust"));
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "sonde.diagnosis." + key + ": expected " + least + " to " + most + ", found " + value);
        }
    }
}

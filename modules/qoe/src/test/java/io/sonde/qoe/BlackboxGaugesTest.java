package io.sonde.qoe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Distribution;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlackboxGaugesTest {
    private static final List<Distribution> MEASURES =
            List.of(median(10), median(20), Distribution.EMPTY, median(40), Distribution.EMPTY, median(70));

    @Test
    void aWindowIsToldInSecondsByTheNamesOfTheBlackboxExporter() {
        Map<String, Double> told = told(new WindowAggregate("http://a/", 0, 3, List.of(0L, 1L), Map.of(), MEASURES));

        assertThat(told)
                .containsEntry("probe_success", 1.0)
                .containsEntry("probe_duration_seconds", 0.07)
                .containsEntry("probe_dns_lookup_time_seconds", 0.01)
                .containsEntry("probe_http_duration_seconds{phase=resolve}", 0.01)
                .containsEntry("probe_http_duration_seconds{phase=connect}", 0.02)
                .containsEntry("probe_http_duration_seconds{phase=processing}", 0.04)
                .containsEntry("probe_http_duration_seconds{phase=tls}", Double.NaN);
    }

    @Test
    void mostlyFailedIsNoSuccess() {
        assertThat(told(new WindowAggregate("http://a/", 0, 1, List.of(2L), Map.of(), MEASURES)))
                .containsEntry("probe_success", 0.0);
    }

    private static Map<String, Double> told(WindowAggregate window) {
        Map<String, Double> told = new HashMap<>();
        new QoeSignal()
                .gauges()
                .forEach(gauge -> told.put(
                        gauge.name() + (gauge.labels().isEmpty() ? "" : gauge.labels()),
                        gauge.value().applyAsDouble(window)));
        return told;
    }

    private static Distribution median(double ms) {
        return new Distribution(3, ms, ms, ms, ms, Summary.EMPTY);
    }
}

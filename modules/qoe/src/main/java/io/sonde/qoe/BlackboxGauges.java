package io.sonde.qoe;

import io.sonde.core.Distribution;
import io.sonde.core.WindowAggregate;
import io.sonde.core.WindowGauge;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A window as Prometheus' blackbox_exporter names such numbers, so that dashboards for that show it. Times are the window's
 * medians. There is no phase {@code transfer}: how long a body takes is not measured with every event.
 */
final class BlackboxGauges {
    private static final double MS = 1e-3;
    private static final String PHASES = "probe_http_duration_seconds";
    private static final String PHASES_HELP = "Duration of http request by phase: the last closed minute's median.";

    static final List<WindowGauge> ALL = List.of(
            gauge(
                    "probe_success",
                    "1 when at least half of the last closed minute's probes succeeded.",
                    window -> 2 * window.success() >= window.total() ? 1 : 0),
            gauge(
                    "probe_duration_seconds",
                    "From look-up to first byte: the last closed minute's median.",
                    median(QoeKind.TOTAL)),
            gauge(
                    "probe_dns_lookup_time_seconds",
                    "The last closed minute's median of the look-up.",
                    median(QoeKind.DNS)),
            phase("resolve", QoeKind.DNS),
            phase("connect", QoeKind.TCP),
            phase("tls", QoeKind.TLS),
            phase("processing", QoeKind.TTFB));

    private BlackboxGauges() {}

    private static WindowGauge gauge(String name, String help, ToDoubleFunction<WindowAggregate> value) {
        return new WindowGauge(name, help, Map.of(), value);
    }

    private static WindowGauge phase(String phase, int measure) {
        return new WindowGauge(PHASES, PHASES_HELP, Map.of("phase", phase), median(measure));
    }

    /** In seconds. */
    private static ToDoubleFunction<WindowAggregate> median(int measure) {
        return window -> {
            List<Distribution> measures = window.measures();
            return measures.size() > measure ? measures.get(measure).p50() * MS : Double.NaN;
        };
    }
}

package io.sonde.edge;

import static io.sonde.edge.FollowedRequest.TRACE;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeoutResponse;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.sonde.core.TraceContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Requests by method, route and status, and how long each route takes. A label is never what a sender made up: a path is
 * one of the known patterns or {@value #OTHER}, and so are method and status.
 */
public final class EdgeMetrics {
    static final String OTHER = "other";

    /** All that is ever answered, here or by pekko-http. */
    private static final Set<Integer> STATUSES = Set.of(
            101, 200, 202, 204, 301, 302, 304, 400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 416, 422, 426,
            429, 431, 500, 501, 503);

    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private final Counter requests;
    private final Histogram duration;
    private final Map<String, Meter> fixed = new HashMap<>();
    /** Those with an {@code {id}} in them, by their parts. */
    private final Map<List<String>, Meter> patterns = new LinkedHashMap<>();

    private final Meter other;

    /** @param routes the methods of each path; a part {@code {…}} of a path stands for any text without a slash */
    public EdgeMetrics(PrometheusRegistry registry, Map<String, Set<String>> routes) {
        requests = Counter.builder()
                .name("sonde_edge_requests_total")
                .help("Requests that were answered.")
                .labelNames("method", "route", "status")
                .withoutExemplars()
                .register(registry);
        duration = Histogram.builder()
                .name("sonde_edge_request_duration_seconds")
                .unit(Unit.SECONDS)
                .help("From a request's head to its answer's head.")
                .labelNames("route")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
        other = new Meter(OTHER, Set.of());
        routes.forEach(this::add);
    }

    /** How many series there can be of a number of routes and their methods, whatever is sent. */
    static int mostSeries(Map<String, Set<String>> routes) {
        int methods = 1 + routes.values().stream().mapToInt(of -> of.size() + 1).sum();
        return methods * (STATUSES.size() + 1) + (routes.size() + 1) * (SECONDS.length + 3);
    }

    /** @param sealed answers whatever comes; what comes after its time is no answer, for its sender has had 503 */
    public Route measured(Route sealed) {
        return extractRequest(request -> {
            long began = System.nanoTime();
            AtomicBoolean answered = new AtomicBoolean();
            return withRequestTimeoutResponse(
                    late -> count(request, Problems.notInTime(), began, answered),
                    () -> mapResponse(response -> count(request, response, began, answered), () -> sealed));
        });
    }

    private HttpResponse count(HttpRequest request, HttpResponse response, long beganNanos, AtomicBoolean answered) {
        if (answered.compareAndSet(false, true)) {
            long took = System.nanoTime() - beganNanos;
            answered(request, response.status().intValue(), took, response.getAttribute(TRACE));
        }
        return response;
    }

    private void answered(HttpRequest request, int status, long nanos, Optional<TraceContext> trace) {
        answered(request.method().value(), request.getUri().path(), status, nanos, trace);
    }

    void answered(String method, String path, int status, long nanos) {
        answered(method, path, status, nanos, Optional.empty());
    }

    /** @param trace an example of how long it took */
    private void answered(String method, String path, int status, long nanos, Optional<TraceContext> trace) {
        Meter meter = of(path);
        meter.of(method, status).inc();
        if (trace.isPresent()) {
            Labels example = Labels.of(
                    "trace_id", trace.get().traceId(), "span_id", trace.get().spanId());
            meter.durations.observeWithExemplar(nanos / 1e9, example);
        } else {
            meter.durations.observe(nanos / 1e9);
        }
    }

    private void add(String route, Set<String> methods) {
        Meter meter = new Meter(route, methods);
        if (route.contains("{")) {
            patterns.put(List.of(route.split("/", -1)), meter);
        } else {
            fixed.put(route, meter);
        }
    }

    private Meter of(String path) {
        Meter meter = fixed.get(path);
        if (meter != null) {
            return meter;
        }
        List<String> parts = List.of(path.split("/", 10));
        return patterns.entrySet().stream()
                .filter(pattern -> matches(pattern.getKey(), parts))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(other);
    }

    private static boolean matches(List<String> pattern, List<String> parts) {
        if (pattern.size() != parts.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!pattern.get(i).startsWith("{") && !pattern.get(i).equals(parts.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** One route's children, found once. */
    private final class Meter {
        private final String route;
        private final Set<String> methods;
        private final DistributionDataPoint durations;
        private final Map<String, Map<Integer, CounterDataPoint>> counters = new ConcurrentHashMap<>();

        Meter(String route, Set<String> methods) {
            this.route = route;
            this.methods = Set.copyOf(methods);
            this.durations = duration.labelValues(route);
        }

        CounterDataPoint of(String method, int status) {
            String known = methods.contains(method) ? method : OTHER;
            return counters.computeIfAbsent(known, any -> new ConcurrentHashMap<>())
                    .computeIfAbsent(
                            STATUSES.contains(status) ? status : 0,
                            code -> requests.labelValues(known, route, code == 0 ? OTHER : Integer.toString(code)));
        }
    }
}

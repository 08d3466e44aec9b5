package io.sonde.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

/** A collector: takes OTLP over HTTP as protobuf and keeps it. */
public final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<Point> points = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int answer = 200;

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    /**
     * A span that came.
     *
     * @param service whose it is
     * @param parentId empty for a trace's first
     */
    public record Span(
            String service,
            String traceId,
            String spanId,
            String parentId,
            String name,
            long startNanos,
            long endNanos,
            boolean failed,
            Map<String, String> attributes) {}

    /** A point of a gauge that came. */
    public record Point(
            String name, String unit, long startNanos, long nanos, double value, Map<String, String> attributes) {}

    public static OtlpReceiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var receiver = new OtlpReceiver(server);
        server.createContext("/v1/traces", exchange -> receiver.take(exchange, receiver::takeSpans));
        server.createContext("/v1/metrics", exchange -> receiver.take(exchange, receiver::takePoints));
        server.start();
        return receiver;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on; anything but 200 takes nothing. */
    public void answers(int status) {
        answer = status;
    }

    public int requests() {
        return requests.get();
    }

    public List<Span> spans() {
        return List.copyOf(spans);
    }

    public List<Point> points() {
        return List.copyOf(points);
    }

    /** By their ids, in the order in which they came. */
    public Map<String, List<Span>> traces() {
        Map<String, List<Span>> traces = new LinkedHashMap<>();
        spans.forEach(span -> traces.computeIfAbsent(span.traceId(), any -> new CopyOnWriteArrayList<>())
                .add(span));
        return traces;
    }

    private interface Reading {
        void of(InputStream body) throws IOException;
    }

    private void take(HttpExchange exchange, Reading reading) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            if (answer == 200) {
                reading.of(zipped ? new GZIPInputStream(body) : body);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private void takeSpans(InputStream body) throws IOException {
        for (ResourceSpans of : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
            String service = attributes(of.getResource().getAttributesList()).getOrDefault("service.name", "");
            for (ScopeSpans scope : of.getScopeSpansList()) {
                scope.getSpansList()
                        .forEach(span -> spans.add(new Span(
                                service,
                                hex(span.getTraceId().toByteArray()),
                                hex(span.getSpanId().toByteArray()),
                                hex(span.getParentSpanId().toByteArray()),
                                span.getName(),
                                span.getStartTimeUnixNano(),
                                span.getEndTimeUnixNano(),
                                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                                attributes(span.getAttributesList()))));
            }
        }
    }

    private void takePoints(InputStream body) throws IOException {
        ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
                .flatMap(of -> of.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .forEach(this::take);
    }

    private void take(Metric metric) {
        for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
            points.add(new Point(
                    metric.getName(),
                    metric.getUnit(),
                    point.getStartTimeUnixNano(),
                    point.getTimeUnixNano(),
                    point.getAsDouble(),
                    attributes(point.getAttributesList())));
        }
    }

    private static Map<String, String> attributes(List<KeyValue> list) {
        Map<String, String> attributes = new HashMap<>();
        list.forEach(attribute -> attributes.put(attribute.getKey(), text(attribute.getValue())));
        return attributes;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> value.getStringValue();
        };
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.sonde.app.metrics;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.encodeResponseWith;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code GET /metrics}: all that is in memory, in the format that is asked for (Prometheus text 0.0.4 or OpenMetrics 1.0, which
 * has exemplars), compressed when asked. Nobody else is asked for anything while it is written.
 */
final class MetricsRoute {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final Grant GRANT = new Grant("metrics", "", Scope.READ, null);

    private final PrometheusRegistry registry;
    private final String token;
    private final Access access;

    /** @param settings say who may ask */
    MetricsRoute(PrometheusRegistry registry, MetricsSettings settings, Counters counters) {
        this.registry = registry;
        this.token = settings.token();
        this.access = new Access(
                sent -> CompletableFuture.completedFuture(isToken(sent) ? Optional.of(GRANT) : Optional.empty()),
                counters);
    }

    Route route() {
        Route scrape = encodeResponseWith(
                List.of(Coder.NoCoding, Coder.Gzip), () -> extractRequest(request -> complete(scrape(request))));
        return path("metrics", () -> get(() -> token.isEmpty() ? scrape : access.require(Scope.READ, any -> scrape)));
    }

    private boolean isToken(String sent) {
        return MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse scrape(HttpRequest request) {
        return answer(request, registry.scrape());
    }

    /** In the format that the request asks for. */
    static HttpResponse answer(HttpRequest request, MetricSnapshots snapshots) {
        ExpositionFormatWriter writer = FORMATS.findWriter(
                request.getHeader("Accept").map(HttpHeader::value).orElse(""));
        var text = new ByteArrayOutputStream(64 * 1024);
        try {
            writer.write(text, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        ContentType type = ContentTypes.parse(writer.getContentType());
        return HttpResponse.create().withEntity(HttpEntities.create(type, text.toByteArray()));
    }
}

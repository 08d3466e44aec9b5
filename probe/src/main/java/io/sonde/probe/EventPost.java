package io.sonde.probe;

import io.sonde.core.Causes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** {@code POST /api/v1/events}, as the node wants it. Its connections are no measurement and are kept. */
final class EventPost {
    private final UploadSettings settings;
    private final Clock clock;
    private final HttpClient client;

    EventPost(UploadSettings settings, Clock clock) throws GeneralSecurityException {
        this.settings = settings;
        this.clock = clock;
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {settings.trust()}, null);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .sslContext(tls)
                .executor(Executors.newSingleThreadExecutor(task -> {
                    var thread = new Thread(task, "sonde-probe-upload");
                    thread.setDaemon(true);
                    return thread;
                }))
                .build();
    }

    /** Never fails: what goes wrong is an {@link Outcome} too. */
    CompletionStage<Outcome> send(List<String> events) {
        byte[] json = EventJson.array(events);
        var request = HttpRequest.newBuilder(settings.events())
                .timeout(settings.timeout())
                .header("Authorization", "Bearer " + settings.token())
                .header("Content-Type", "application/json");
        if (settings.gzip()) {
            request.header("Content-Encoding", "gzip");
        }
        byte[] body = settings.gzip() ? gzipped(json) : json;
        return client.sendAsync(
                        request.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> Outcome.of(
                        answer.statusCode(),
                        answer.headers().firstValue("Retry-After").orElse(null),
                        answer.body(),
                        events.size(),
                        clock.instant()))
                .exceptionally(EventPost::unreachable);
    }

    private static Outcome unreachable(Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof SSLException) {
            return new Outcome.Again("tls", null);
        }
        return new Outcome.Again(cause instanceof HttpTimeoutException ? "timeout" : "connection", null);
    }

    private static byte[] gzipped(byte[] json) {
        var bytes = new ByteArrayOutputStream(json.length / 4);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory failed", e);
        }
        return bytes.toByteArray();
    }
}

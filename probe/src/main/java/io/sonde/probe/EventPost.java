package io.sonde.probe;

import io.sonde.core.Causes;
import io.sonde.core.TraceContext;
import io.sonde.core.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;

/** {@code POST /api/v1/events}, as the node wants it. */
final class EventPost {
    private final UploadSettings settings;
    private final NodeClient node;
    private final Tracing tracing;
    private final Clock clock;

    EventPost(UploadSettings settings, NodeClient node, Tracing tracing, Clock clock) {
        this.settings = settings;
        this.node = node;
        this.tracing = tracing;
        this.clock = clock;
    }

    /** Never fails: what goes wrong is an {@link Outcome} too. */
    CompletionStage<Outcome> send(List<String> events) {
        if (tracing == Tracing.OFF) {
            return send(events, Tracing.NONE);
        }
        Tracing.Step step = tracing.begin(Tracing.Hop.SEND, SentTraces.of(events));
        step.say("sonde.events", events.size());
        return send(events, step).whenComplete((outcome, never) -> {
            if (outcome instanceof Outcome.Taken) {
                step.end();
            } else {
                step.failed(String.valueOf(outcome));
            }
        });
    }

    private CompletionStage<Outcome> send(List<String> events, Tracing.Step step) {
        byte[] json = EventJson.array(events);
        var request = HttpRequest.newBuilder(settings.events()).header("Content-Type", "application/json");
        if (settings.gzip()) {
            request.header("Content-Encoding", "gzip");
        }
        if (!step.contexts().isEmpty()) {
            request.header(TraceContext.HEADER, step.contexts().get(0).traceparent());
        }
        byte[] body = settings.gzip() ? gzipped(json) : json;
        return node.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                .thenApply(answer -> outcome(answer, events.size()))
                .exceptionally(EventPost::unreachable);
    }

    private Outcome outcome(HttpResponse<Optional<byte[]>> answer, int sent) {
        return Outcome.of(
                answer.statusCode(),
                answer.headers().firstValue("Retry-After").orElse(null),
                answer.body(),
                sent,
                clock.instant());
    }

    private static Outcome unreachable(Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof SSLException) {
            return new Outcome.Again("tls", null);
        }
        return new Outcome.Again(isTimeout(cause) ? "timeout" : "connection", null);
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof HttpTimeoutException || cause instanceof TimeoutException;
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

package io.sonde.edge;

import io.sonde.core.Causes;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/**
 * The events of a request as bytes, whole, unzipped and within the limit.
 *
 * @param lines sent as {@code application/x-ndjson}
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the socket to the parser once, never compared
record RequestBody(byte[] bytes, boolean lines) {
    private static final String TYPES = "application/json or application/x-ndjson";

    /** Fails with a {@link ProblemException}; too large a body is read on up to the server's own limit, so that its sender sees why. */
    static CompletionStage<RequestBody> read(HttpRequest request, EdgeSettings settings, Materializer materializer) {
        if (request.entity() instanceof HttpEntity.Strict strict) {
            ByteString data = strict.getData();
            return CompletableFuture.completedStage(body(request, new Collected(settings).plus(data), settings));
        }
        return request.entity()
                .getDataBytes()
                .completionTimeout(settings.bodyTimeout())
                .runFold(new Collected(settings), Collected::plus, materializer)
                .handleAsync(
                        (collected, failure) -> {
                            if (failure != null) {
                                throw asProblem(failure);
                            }
                            return body(request, collected, settings);
                        },
                        materializer.executionContext());
    }

    private static RequestBody body(HttpRequest request, Collected collected, EdgeSettings settings) {
        boolean lines = isLines(request);
        boolean gzip = isGzip(request);
        byte[] sent = collected.bytes();
        return new RequestBody(gzip ? Gunzip.inflate(sent, settings.maxBodyBytes()) : sent, lines);
    }

    private static boolean isLines(HttpRequest request) {
        MediaType type = request.entity().getContentType().mediaType();
        boolean named = !request.entity().getContentType().equals(ContentTypes.NO_CONTENT_TYPE);
        if (named && type.isApplication() && type.subType().equals("json")) {
            return false;
        }
        if (named && type.isApplication() && type.subType().equals("x-ndjson")) {
            return true;
        }
        throw unsupported("Send " + TYPES + " and name it in Content-Type.");
    }

    private static boolean isGzip(HttpRequest request) {
        String encoding = request.getHeader("Content-Encoding")
                .map(HttpHeader::value)
                .orElse("identity")
                .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw unsupported("Of content encodings gzip is taken, and none.");
        };
    }

    private static ProblemException unsupported(String detail) {
        return new ProblemException(
                new Problem(415, "unsupported-media-type", "Unsupported media type", detail).with(json -> {
                    json.writeArrayFieldStart("supported");
                    json.writeString("application/json");
                    json.writeString("application/x-ndjson");
                    json.writeEndArray();
                }));
    }

    private static CompletionException asProblem(Throwable failure) {
        Throwable cause = Causes.of(failure);
        return new CompletionException(
                cause instanceof TimeoutException
                        ? new ProblemException(new Problem(
                                408,
                                "too-slow",
                                "Request too slow",
                                "The body did not arrive in time; send less at once."))
                        : cause);
    }

    /** What has arrived so far; past the limit it only counts. */
    private static final class Collected {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int max;
        private long length;

        Collected(EdgeSettings settings) {
            this.max = settings.maxBodyBytes();
        }

        Collected plus(ByteString data) {
            length += data.length();
            if (length <= max) {
                bytes.writeBytes(data.toArrayUnsafe());
            }
            return this;
        }

        byte[] bytes() {
            if (length > max) {
                throw new ProblemException(Problems.tooLarge(max));
            }
            return bytes.toByteArray();
        }
    }
}

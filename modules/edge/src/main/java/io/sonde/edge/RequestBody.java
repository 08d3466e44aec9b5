package io.sonde.edge;

import io.sonde.core.Causes;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The events of a request as bytes, whole, unzipped and within the limit.
 *
 * @param lines sent as {@code application/x-ndjson}
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the socket to the parser once, never compared
record RequestBody(byte[] bytes, boolean lines) {
    private static final List<String> TYPES = List.of("application/json", "application/x-ndjson");
    private static final List<String> ENCODINGS = List.of("gzip", "identity");

    /**
     * Fails with a {@link ProblemException}; what is too large, or more than the node can hold, is read on up to the server's
     * own limit, so that its sender sees why.
     */
    static CompletionStage<RequestBody> read(
            HttpRequest request, EdgeSettings settings, InFlight.Share share, Materializer materializer) {
        var collected = new Collected(settings.maxBodyBytes(), share);
        return arrived(request, settings, collected, materializer)
                .handleAsync(
                        (all, failure) -> {
                            if (failure != null) {
                                throw asProblem(failure);
                            }
                            return body(request, collected, settings);
                        },
                        materializer.executionContext());
    }

    private static CompletionStage<Collected> arrived(
            HttpRequest request, EdgeSettings settings, Collected collected, Materializer materializer) {
        return request.entity() instanceof HttpEntity.Strict strict
                ? CompletableFuture.completedStage(collected.whole(strict.getData()))
                : request.entity()
                        .getDataBytes()
                        .completionTimeout(settings.bodyTimeout())
                        .runFold(collected, Collected::plus, materializer);
    }

    private static RequestBody body(HttpRequest request, Collected collected, EdgeSettings settings) {
        boolean lines = isLines(request);
        boolean gzip = isGzip(request);
        byte[] sent = collected.bytes();
        return new RequestBody(gzip ? collected.inflated(sent, settings.maxBodyBytes()) : sent, lines);
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
        throw unsupported("Send " + String.join(" or ", TYPES) + " and name it in Content-Type.", TYPES);
    }

    private static boolean isGzip(HttpRequest request) {
        String encoding = request.getHeader("Content-Encoding")
                .map(HttpHeader::value)
                .orElse("identity")
                .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw unsupported("Of content encodings gzip is taken, and none.", ENCODINGS);
        };
    }

    private static ProblemException unsupported(String detail, List<String> supported) {
        return new ProblemException(
                new Problem(415, "unsupported-media-type", "Unsupported media type", detail).with(json -> {
                    json.writeArrayFieldStart("supported");
                    for (String one : supported) {
                        json.writeString(one);
                    }
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

    /** What has arrived so far; past a limit it only counts. */
    private static final class Collected {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int max;
        private final InFlight.Share share;
        private long length;
        private @Nullable ProblemException crowdedOut;

        Collected(int max, InFlight.Share share) {
            this.max = max;
            this.share = share;
        }

        Collected plus(ByteString data) {
            return add(data, share::takeArriving);
        }

        Collected whole(ByteString data) {
            return add(data, share::takeBytes);
        }

        private Collected add(ByteString data, LongConsumer room) {
            length += data.length();
            if (length > max || crowdedOut != null) {
                letGo();
                return this;
            }
            try {
                room.accept(data.length());
                bytes.writeBytes(data.toArrayUnsafe());
            } catch (ProblemException full) {
                crowdedOut = full;
                letGo();
            }
            return this;
        }

        byte[] bytes() {
            if (length > max) {
                throw new ProblemException(Problems.tooLarge(max));
            }
            if (crowdedOut != null) {
                throw crowdedOut;
            }
            share.arrived();
            return bytes.toByteArray();
        }

        byte[] inflated(byte[] sent, int maxInflated) {
            byte[] plain = Gunzip.inflate(sent, maxInflated);
            share.takeBytes(plain.length);
            return plain;
        }

        private void letGo() {
            bytes.reset();
            share.giveBytesBack();
        }
    }
}

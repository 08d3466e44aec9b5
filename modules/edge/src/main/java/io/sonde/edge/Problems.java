package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.handleExceptions;
import static org.apache.pekko.http.javadsl.server.Directives.handleRejections;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeoutResponse;

import io.sonde.core.Causes;
import io.sonde.core.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.MethodRejection;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns all that can go wrong with a request into {@link Problem} documents: ours and pekko-http's own. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int RETRY_AFTER_S = 2;

    private static final ExceptionHandler EXCEPTIONS = ExceptionHandler.newBuilder()
            .matchAny(failure -> complete(answer(failure)))
            .build();
    private static final RejectionHandler REJECTIONS = RejectionHandler.newBuilder()
            .handleNotFound(complete(new Problem(
                            404, "not-found", "Not found", "Nothing is here; GET /api/openapi.json says what is where.")
                    .response()))
            .handleAll(MethodRejection.class, Problems::wrongMethod)
            .build()
            .withFallback(RejectionHandler.defaultHandler().mapRejectionResponse(Problems::rejected));

    private Problems() {}

    /** Whatever {@code inner} rejects or throws is answered as a problem. */
    public static Route seal(Route inner) {
        return handleExceptions(EXCEPTIONS, () -> handleRejections(REJECTIONS, () -> inner));
    }

    /** What {@code inner} is too slow for is answered as a problem. */
    static Route inTime(Route inner) {
        return withRequestTimeoutResponse(request -> notInTime(), () -> inner);
    }

    static HttpResponse notInTime() {
        return unavailable("Not done in time; send it again later.", RETRY_AFTER_S);
    }

    /** 503 with {@code Retry-After}. */
    public static HttpResponse unavailable(String detail, int retryAfterSeconds) {
        return away(detail).retryAfter(retryAfterSeconds).response();
    }

    /** 503 because the node has as much in hand as it can. */
    static Problem overloaded() {
        return away("The node has as much in hand as it can take; send the same again later.");
    }

    private static Problem away(String detail) {
        return new Problem(503, "unavailable", "Cannot be taken now", detail).retryAfter(RETRY_AFTER_S);
    }

    /** 429 because a client sends faster than it may. */
    static Problem tooManyRequests(Duration wait) {
        return new Problem(
                        429,
                        "too-many-requests",
                        "Too many events",
                        "A client sends more than it may; nothing of this request was taken. Send the same again later.")
                .retryAfter((int) Math.min(wait.plusNanos(999_999_999).toSeconds(), Integer.MAX_VALUE));
    }

    static Problem tooLarge(long maxBytes) {
        return new Problem(
                413,
                "too-large",
                "Request too large",
                "A request may hold " + maxBytes + " bytes, counted after decompression; send several.");
    }

    private static HttpResponse answer(Throwable thrown) {
        Throwable failure = Causes.of(thrown);
        if (failure instanceof ProblemException known) {
            return known.problem().response();
        }
        if (failure instanceof Unavailable away) {
            LOG.debug("answered 503: {}", away.getMessage());
            return unavailable("The platform cannot take it now; send the same again later.", away.retryAfterSeconds());
        }
        if (failure instanceof EntityStreamSizeException tooLarge) {
            return tooLarge(tooLarge.limit()).response();
        }
        if (failure instanceof EntityStreamException || failure instanceof IllegalRequestException) {
            return new Problem(400, "malformed-request", "Malformed request", "The request broke off or is not HTTP.")
                    .response();
        }
        return unexpected(failure);
    }

    private static HttpResponse unexpected(Throwable failure) {
        String id = UUID.randomUUID().toString();
        LOG.warn("answered 500, id {}", id, failure);
        return new Problem(500, "internal", "Our fault", "It is in the log of the node under the id given as instance.")
                .with(json -> json.writeStringField("instance", "urn:uuid:" + id))
                .response();
    }

    private static Route wrongMethod(List<MethodRejection> rejections) {
        String allowed = rejections.stream()
                .map(rejection -> rejection.supported().name())
                .distinct()
                .collect(Collectors.joining(", "));
        return complete(new Problem(405, "method-not-allowed", "Method not allowed", "Allowed here: " + allowed + ".")
                .response()
                .addHeader(RawHeader.create("Allow", allowed)));
    }

    private static HttpResponse rejected(HttpResponse plain) {
        String detail = plain.entity() instanceof HttpEntity.Strict text
                ? text.getData().utf8String()
                : "";
        Problem problem = new Problem(
                plain.status().intValue(), "rejected", plain.status().reason(), detail);
        return problem.response().addHeaders(plain.getHeaders());
    }
}

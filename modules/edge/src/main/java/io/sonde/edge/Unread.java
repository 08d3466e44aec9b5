package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onComplete;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Sink;

/** Answers a request whose body nobody wants. */
final class Unread {
    private static final Duration READ_ON = Duration.ofSeconds(5);

    private Unread() {}

    /**
     * The body is read first, into nothing, or the connection would close under a sender that is still writing and sees no
     * answer. Also for a sender that asks before it writes (RFC 9110 §10.1.1): Java's HttpClient up to 19 waits for ever for the
     * 100 when it is told no.
     */
    static Route answer(HttpRequest request, HttpResponse answer) {
        return request.entity().isStrict()
                ? complete(answer)
                : extractMaterializer(materializer -> onComplete(
                        request.entity()
                                .getDataBytes()
                                .completionTimeout(READ_ON)
                                .runWith(Sink.ignore(), materializer),
                        read -> complete(answer)));
    }
}

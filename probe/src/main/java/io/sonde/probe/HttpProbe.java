package io.sonde.probe;

import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Measures a target once over HTTP/1.1, stage by stage, on the calling thread. Redirects are not followed: a 3xx is a
 * successful answer of the URL that was asked.
 */
final class HttpProbe implements AutoCloseable {
    /** The timings need the answer, not all of a large one. */
    private static final long BODY_LIMIT = 1024 * 1024;

    private static final long DOWNLOAD_LIMIT = 1024L * 1024 * 1024;

    private final Clock clock;
    private final Deadlines deadlines = new Deadlines();
    private final Connector connector;
    private final HttpExchange exchange;
    private final Download download;

    HttpProbe(Clock clock, Names names, Trust trust, StageLimits limits) {
        this.clock = clock;
        this.connector = new Connector(names, limits.tcp(), new TlsHandshake(trust, deadlines, limits.tls()));
        this.exchange = new HttpExchange(deadlines, limits.http(), BODY_LIMIT);
        this.download = new Download(connector, new HttpExchange(deadlines, limits.throughput(), DOWNLOAD_LIMIT));
    }

    /** What this machine's own settings name. */
    Measurement measure(TargetUrl url, Optional<TargetUrl> object) {
        return measure(url, object, Reach.ANYWHERE);
    }

    /** @param object downloaded for throughput when all else went well, empty for none this time */
    Measurement measure(TargetUrl url, Optional<TargetUrl> object, Reach reach) {
        var seen = new Sight(url, clock.millis());
        return seen.ended(firstFailure(url, object, reach, seen));
    }

    @Override
    public void close() {
        deadlines.close();
    }

    private @Nullable StageFailed firstFailure(TargetUrl url, Optional<TargetUrl> object, Reach reach, Sight seen) {
        try {
            visit(url, reach, seen);
            if (object.isPresent()) {
                download.measure(object.get(), reach, seen);
            }
            return null;
        } catch (StageFailed e) {
            return e;
        }
    }

    private void visit(TargetUrl url, Reach reach, Sight seen) throws StageFailed {
        try (Connection connection = connector.open(url, reach, seen)) {
            Timed<AnswerReader> answer = exchange.begin(connection.raw(), connection.socket(), url);
            seen.firstByte(answer.ms());
            seen.answered(exchange.finish(connection.raw(), answer.value()));
        }
    }
}

package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.UUID;

/** The THROUGHPUT stage: one whole object over a connection of its own, past every cache. */
record Download(Connector connector, HttpExchange exchange) {

    /** The rate goes into {@code seen}, also the partial one when the time limit cut it; every failure is THROUGHPUT. */
    void measure(TargetUrl url, Reach reach, Sight seen) throws StageFailed {
        TargetUrl fresh = url.bustingCaches(UUID.randomUUID().toString());
        try (Connection connection = connector.open(fresh, reach, new Sight(fresh, 0))) {
            AnswerReader reader =
                    exchange.begin(connection.raw(), connection.socket(), fresh).value();
            read(connection, reader, seen);
        } catch (StageFailed e) {
            throw e.at(Stage.THROUGHPUT);
        } catch (IOException e) {
            throw StageFailed.of(Stage.HTTP, e).at(Stage.THROUGHPUT);
        }
    }

    private void read(Connection connection, AnswerReader reader, Sight seen) throws StageFailed, IOException {
        BodyCount[] body = new BodyCount[1];
        try {
            exchange.deadlines().within(exchange.limit(), connection.raw(), () -> {
                object(reader.readHead());
                body[0] = new BodyCount();
                reader.readBody(body[0], exchange.bodyLimit());
                return body[0];
            });
        } catch (SocketTimeoutException e) {
            if (body[0] != null) {
                body[0].rate().ifPresent(seen::downloaded);
            }
            throw e;
        }
        seen.downloaded(body[0].rate()
                .orElseThrow(() -> new StageFailed(Stage.THROUGHPUT, "short_body", "the object is empty")));
    }

    /** A redirect's own little body would be measured instead of the object. */
    private static void object(int status) throws StageFailed {
        if (HttpExchange.successful(status) >= 300) {
            throw new StageFailed(Stage.THROUGHPUT, "status_3xx", "status " + status + " instead of the object");
        }
    }
}

package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How we speak to NATS: it may be away for as long as it likes, and what is not acknowledged was not sent. */
final class NatsConnection {
    private static final Logger LOG = LoggerFactory.getLogger(NatsConnection.class);
    /** A half-open connection is given up after two pings without an answer; the client's own 2 min would be 4 to 6. */
    private static final Duration PING = Duration.ofSeconds(10);

    private NatsConnection() {}

    static Connection open(String url) throws IOException, InterruptedException {
        Connection connection = Nats.connect(options(url));
        LOG.info("nats {}: connected to {}", url, connection.getServerInfo().getVersion());
        return connection;
    }

    static Options options(String url) {
        return Options.builder()
                .server(url)
                .connectionName("sonde")
                // The default gives up for ever after two minutes.
                .maxReconnects(-1)
                .reconnectWait(Duration.ofSeconds(1))
                .pingInterval(PING)
                .requestCleanupInterval(Duration.ofSeconds(1))
                // A publication that waits in a buffer for a server to come back looks accepted and is not.
                .reconnectBufferSize(0)
                .errorListener(new NatsErrors())
                .connectionListener((connection, event) -> LOG.info("nats {}: {}", url, event))
                .build();
    }
}

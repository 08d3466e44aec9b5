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

    private NatsConnection() {}

    static Connection open(JetStreamSettings settings) throws IOException, InterruptedException {
        Connection connection = Nats.connect(options(settings));
        LOG.info(
                "nats {}: connected to {}",
                settings.url(),
                connection.getServerInfo().getVersion());
        return connection;
    }

    /** For one look: who is not there is not waited for. */
    static Options options(JetStreamSettings settings, Duration patience) {
        Options.Builder options = Options.builder()
                .server(settings.url())
                .connectionName("sonde-doctor")
                .maxReconnects(0)
                .connectionTimeout(patience)
                .errorListener(new NatsErrors());
        return login(options, settings.login()).build();
    }

    static Options options(JetStreamSettings settings) {
        String url = settings.url();
        Options.Builder options = Options.builder()
                .server(url)
                .connectionName("sonde")
                // The default gives up for ever after two minutes.
                .maxReconnects(-1)
                .reconnectWait(Duration.ofSeconds(1))
                .pingInterval(settings.pingInterval())
                .requestCleanupInterval(Duration.ofSeconds(1))
                // A publication that waits in a buffer for a server to come back looks accepted and is not.
                .reconnectBufferSize(0)
                .errorListener(new NatsErrors())
                .connectionListener((connection, event) -> LOG.info("nats {}: {}", url, event));
        return login(options, settings.login()).build();
    }

    private static Options.Builder login(Options.Builder options, JetStreamSettings.Login login) {
        if (!login.file().isEmpty()) {
            return options.credentialPath(login.file());
        }
        return login.user().isEmpty() ? options : options.userInfo(login.user(), login.password());
    }
}

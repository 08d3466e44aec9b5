package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client meets on its own threads, as log lines; it reconnects by itself. */
final class NatsErrors implements ErrorListener {
    private static final Logger LOG = LoggerFactory.getLogger(NatsErrors.class);

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.warn("nats: {}", error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        LOG.warn("nats: {}", exception.toString());
    }
}

package io.sonde.bus;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sonde.nats}.
 *
 * @param publishTimeout how long a publication may wait for its PubAck
 * @param ackWait after which a delivered and unacknowledged batch is delivered again; longer than a shard's hand-off
 * @param maxAckPending batches delivered and not yet acknowledged, of all nodes together
 * @param maxBytes how much the stream holds of what is not acknowledged; beyond, it refuses
 * @param deadLetterAge how long dead letters are kept
 * @param replicas copies in a NATS cluster
 */
public record JetStreamSettings(
        String url,
        Duration publishTimeout,
        Duration ackWait,
        int maxAckPending,
        long maxBytes,
        Duration deadLetterAge,
        int replicas) {
    public static JetStreamSettings from(Config sonde) {
        Config nats = sonde.getConfig("nats");
        return new JetStreamSettings(
                nats.getString("url"),
                nats.getDuration("publish-timeout"),
                nats.getDuration("ack-wait"),
                nats.getInt("max-ack-pending"),
                nats.getBytes("max-bytes"),
                nats.getDuration("dead-letter-age"),
                nats.getInt("replicas"));
    }
}

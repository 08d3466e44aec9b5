package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;

/** The stream of batches, its one durable consumer, and the stream of dead letters, as the server holds them. */
final class TelemetryStream {
    static final String NAME = "telemetry-events";
    static final String CONSUMER = "windows";
    static final String DEAD_LETTERS = "telemetry-events-dlq";
    static final String DEAD_LETTER_SUBJECT = "telemetry.dlq";

    private static final int NOT_FOUND = 404;
    private static final String SUBJECTS = "telemetry.events.>";

    private final JetStreamManagement management;

    private TelemetryStream(JetStreamManagement management) {
        this.management = management;
    }

    static TelemetryStream ensure(Connection connection, JetStreamSettings settings)
            throws IOException, JetStreamApiException {
        JetStreamManagement management = connection.jetStreamManagement();
        ensure(management, events(settings));
        ensure(management, deadLetters(settings));
        management.addOrUpdateConsumer(
                NAME,
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(settings.ackWait())
                        .maxAckPending(settings.maxAckPending())
                        .build());
        return new TelemetryStream(management);
    }

    /** {@code telemetry.events.<tenant>.<kind>}, what has a meaning in subjects escaped. */
    String subject(String tenant, String kind) {
        return "telemetry.events." + escape(tenant) + "." + escape(kind);
    }

    ConsumerInfo consumerInfo() throws IOException, JetStreamApiException {
        return management.getConsumerInfo(NAME, CONSUMER);
    }

    /** The first message after a sequence number that the stream still holds. */
    MessageInfo firstAfter(long sequence) throws IOException, JetStreamApiException {
        return management.getNextMessage(NAME, sequence + 1, SUBJECTS);
    }

    /** Holds what is not acknowledged, however old. When full it refuses: dropping its oldest would lose what it took. */
    private static StreamConfiguration events(JetStreamSettings settings) {
        return StreamConfiguration.builder()
                .name(NAME)
                .subjects(SUBJECTS)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxBytes(settings.maxBytes())
                .replicas(settings.replicas())
                .build();
    }

    private static StreamConfiguration deadLetters(JetStreamSettings settings) {
        return StreamConfiguration.builder()
                .name(DEAD_LETTERS)
                .subjects(DEAD_LETTER_SUBJECT)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.Limits)
                .maxAge(settings.deadLetterAge())
                .maxBytes(settings.maxBytes() / 4)
                .replicas(settings.replicas())
                .build();
    }

    private static void ensure(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            management.getStreamInfo(wanted.getName());
            management.updateStream(wanted);
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() != NOT_FOUND) {
                throw e;
            }
            management.addStream(wanted);
        }
    }

    private static String escape(String token) {
        StringBuilder escaped = new StringBuilder(token.length());
        token.chars().forEach(c -> {
            boolean plain = Character.isLetterOrDigit(c) && c < 128;
            if (plain || c == '-' || c == '_') {
                escaped.append((char) c);
            } else {
                escaped.append('%').append(Integer.toHexString(c));
            }
        });
        return escaped.toString();
    }
}

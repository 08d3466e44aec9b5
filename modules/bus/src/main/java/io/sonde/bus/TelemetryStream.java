package io.sonde.bus;

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
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stream of batches, its one durable consumer, and the stream of dead letters, as the server holds them. */
final class TelemetryStream {
    static final String NAME = "telemetry-events";
    static final String CONSUMER = "windows";
    static final String DEAD_LETTERS = "telemetry-events-dlq";

    private static final int NOT_FOUND = 404;
    /** The server's "no message found": the stream is there. */
    private static final int NO_MESSAGE = 10037;
    /** Its "sequence not found". */
    private static final int NO_SEQUENCE = 10043;

    private static final Pattern ESCAPED = Pattern.compile("%([0-9a-f]{4})");
    private static final String EVENTS = "telemetry.events.";
    private static final String LETTERS = "telemetry.dlq.";
    private static final String ALL = ">";
    static final String ALL_DEAD_LETTERS = LETTERS + ALL;

    private final JetStreamManagement management;
    private final JetStreamSettings settings;

    TelemetryStream(JetStreamManagement management, JetStreamSettings settings) {
        this.management = management;
        this.settings = settings;
    }

    /** Makes what is missing and brings the rest up to the settings. */
    void ensure() throws IOException, JetStreamApiException {
        ensure(management, events(settings));
        ensure(management, deadLetters(settings));
        management.addOrUpdateConsumer(
                NAME,
                ConsumerConfiguration.builder()
                        .durable(CONSUMER)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(settings.consuming().ackWait())
                        .maxAckPending(settings.consuming().maxAckPending())
                        .build());
    }

    /** {@code telemetry.events.<tenant>.<kind>}, what has a meaning in subjects escaped. */
    static String subject(String tenant, String kind) {
        return EVENTS + escape(tenant) + "." + escape(kind);
    }

    static String tenantOf(String subject) {
        return token(subject, 2);
    }

    static String kindOf(String subject) {
        return token(subject, 3);
    }

    private static String token(String subject, int index) {
        String[] tokens = subject.split("\\.", -1);
        return tokens.length > index ? unescape(tokens[index]) : "";
    }

    /** {@code telemetry.dlq.<tenant>.<kind>}, of a message's own subject. */
    static String deadLetterSubject(String subject) {
        return LETTERS + (subject.startsWith(EVENTS) ? subject.substring(EVENTS.length()) : "unknown");
    }

    static boolean isMissing(JetStreamApiException failure) {
        return failure.getErrorCode() == NOT_FOUND;
    }

    StreamInfo info() throws IOException, JetStreamApiException {
        return management.getStreamInfo(NAME);
    }

    StreamInfo deadLetterInfo() throws IOException, JetStreamApiException {
        return management.getStreamInfo(DEAD_LETTERS);
    }

    boolean isGone() throws IOException, JetStreamApiException {
        try {
            info();
            return false;
        } catch (JetStreamApiException e) {
            if (isMissing(e)) {
                return true;
            }
            throw e;
        }
    }

    ConsumerInfo consumerInfo() throws IOException, JetStreamApiException {
        return management.getConsumerInfo(NAME, CONSUMER);
    }

    /** The first message after a sequence number that the stream still holds. */
    Optional<MessageInfo> firstAfter(long sequence) throws IOException, JetStreamApiException {
        return next(management, NAME, sequence, EVENTS + ALL);
    }

    /** Acknowledged by hand: gone from the stream, or gone before. */
    void delete(long sequence) throws IOException, JetStreamApiException {
        try {
            management.deleteMessage(NAME, sequence, false);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NO_MESSAGE && e.getApiErrorCode() != NO_SEQUENCE) {
                throw e;
            }
        }
    }

    static Optional<MessageInfo> next(JetStreamManagement management, String stream, long after, String subjects)
            throws IOException, JetStreamApiException {
        try {
            return Optional.of(management.getNextMessage(stream, after + 1, subjects));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_MESSAGE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Holds what is not acknowledged, however old. When full it refuses: dropping its oldest would lose what it took. */
    static StreamConfiguration events(JetStreamSettings settings) {
        return StreamConfiguration.builder()
                .name(NAME)
                .subjects(EVENTS + ALL)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.WorkQueue)
                .discardPolicy(DiscardPolicy.New)
                .maxBytes(settings.maxBytes())
                .replicas(settings.replicas())
                .build();
    }

    /** Full, it refuses too: what is refused stays in the stream of batches. */
    static StreamConfiguration deadLetters(JetStreamSettings settings) {
        return StreamConfiguration.builder()
                .name(DEAD_LETTERS)
                .subjects(ALL_DEAD_LETTERS)
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.New)
                .maxAge(settings.deadLettering().age())
                .maxBytes(settings.deadLettering().maxBytes())
                .replicas(settings.replicas())
                .build();
    }

    private static void ensure(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        try {
            management.getStreamInfo(wanted.getName());
            management.updateStream(wanted);
        } catch (JetStreamApiException e) {
            if (!isMissing(e)) {
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
                escaped.append('%').append(HexFormat.of().toHexDigits((char) c));
            }
        });
        return escaped.toString();
    }

    private static String unescape(String token) {
        return ESCAPED.matcher(token)
                .replaceAll(found ->
                        Matcher.quoteReplacement(String.valueOf((char) HexFormat.fromHexDigits(found.group(1)))));
    }
}

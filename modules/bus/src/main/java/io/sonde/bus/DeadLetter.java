package io.sonde.bus;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.UnreadableFormat;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch that could not be recorded, as it lies in the stream of dead letters: its bytes are the message, the rest are
 * headers.
 *
 * @param id its sequence number there; 0 before it is there
 * @param detail what was said of it
 * @param attempts how often it had been delivered
 * @param first when it failed first
 * @param last when it failed last
 * @param subject where it was published
 * @param source empty when the batch is unreadable
 * @param events how many it holds; 0 when not even that is known
 * @param payload the batch as it was published, or that part of it that cannot be recorded
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes of one message, never compared
public record DeadLetter(
        long id,
        Reason reason,
        String detail,
        long attempts,
        Instant first,
        Instant last,
        String subject,
        String tenant,
        String kind,
        String source,
        int events,
        byte[] payload) {
    /** Why it is here. */
    public enum Reason {
        /** Of no version of the format that this node knows, on every attempt. */
        UNREADABLE,
        /** Its entity can never take these events. */
        UNRECORDABLE,
        /** It failed on every attempt while others were recorded. */
        FAILED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Reason of(String code) {
            return Arrays.stream(values())
                    .filter(reason -> reason.code().equals(code))
                    .findFirst()
                    .orElse(FAILED);
        }
    }

    /** On every message of the stream: how many events it holds. */
    static final String EVENTS = "Sonde-Events";

    private static final String REASON = "Sonde-Reason";
    private static final String DETAIL = "Sonde-Detail";
    private static final String ATTEMPTS = "Sonde-Attempts";
    private static final String FIRST = "Sonde-First";
    private static final String LAST = "Sonde-Last";
    private static final String SUBJECT = "Sonde-Subject";
    private static final String TENANT = "Sonde-Tenant";
    private static final String KIND = "Sonde-Kind";
    private static final String SOURCE = "Sonde-Source";
    private static final int LONGEST_DETAIL = 500;

    static DeadLetter unreadable(StreamMessage message, String detail, Instant first, Instant last) {
        return new DeadLetter(
                0,
                Reason.UNREADABLE,
                detail,
                message.times(),
                first,
                last,
                message.subject(),
                TelemetryStream.tenantOf(message.subject()),
                TelemetryStream.kindOf(message.subject()),
                "",
                number(message.headers(), EVENTS),
                message.data());
    }

    /** @param batch all of the message, or the part that cannot be recorded */
    static DeadLetter of(
            StreamMessage message,
            Batch batch,
            byte[] payload,
            Reason reason,
            String detail,
            Instant first,
            Instant last) {
        return new DeadLetter(
                0,
                reason,
                detail,
                message.times(),
                first,
                last,
                message.subject(),
                batch.source().tenant(),
                batch.source().kind(),
                batch.source().source(),
                batch.samples().size(),
                payload);
    }

    static DeadLetter read(MessageInfo info) {
        Headers headers = info.getHeaders() == null ? new Headers() : info.getHeaders();
        Instant stored = info.getTime().toInstant();
        return new DeadLetter(
                info.getSeq(),
                Reason.of(text(headers, REASON)),
                text(headers, DETAIL),
                number(headers, ATTEMPTS),
                time(headers, FIRST, stored),
                time(headers, LAST, stored),
                text(headers, SUBJECT),
                text(headers, TENANT),
                text(headers, KIND),
                text(headers, SOURCE),
                number(headers, EVENTS),
                info.getData() == null ? new byte[0] : info.getData());
    }

    /** The batch, if this version can read it. */
    public Optional<Batch> batch() {
        try {
            return Optional.of(BatchFormat.read(payload));
        } catch (UnreadableFormat | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Headers headers() {
        return new Headers()
                .add(REASON, reason.code())
                .add(DETAIL, escape(detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) : detail))
                .add(ATTEMPTS, Long.toString(attempts))
                .add(FIRST, first.toString())
                .add(LAST, last.toString())
                .add(SUBJECT, escape(subject))
                .add(TENANT, escape(tenant))
                .add(KIND, escape(kind))
                .add(SOURCE, escape(source))
                .add(EVENTS, Integer.toString(events));
    }

    /** A header is printable ASCII. */
    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String text(Headers headers, String name) {
        String value = headers.getFirst(name);
        try {
            return value == null ? "" : URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEscaped) {
            return value;
        }
    }

    private static int number(@Nullable Headers headers, String name) {
        String value = headers == null ? null : headers.getFirst(name);
        return value != null && value.matches("\\d{1,9}") ? Integer.parseInt(value) : 0;
    }

    private static Instant time(Headers headers, String name, Instant otherwise) {
        String value = headers.getFirst(name);
        try {
            return value == null ? otherwise : Instant.parse(value);
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }
}

package io.sonde.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one request with events. */
sealed interface Outcome {
    /** The node answered for every event. */
    record Taken(int accepted, int duplicate, int late, int refused) implements Outcome {}

    /**
     * The same request may succeed later.
     *
     * @param retryAfter how long the node wants to be left alone, null when it did not say
     */
    record Again(String reason, @Nullable Duration retryAfter) implements Outcome {
        public Again {
            Objects.requireNonNull(reason);
        }
    }

    /** The same request can never succeed. */
    record Dropped(String reason) implements Outcome {
        public Dropped {
            Objects.requireNonNull(reason);
        }
    }

    ObjectMapper JSON = new ObjectMapper();

    /**
     * Any answer that is neither 202 nor says that the request is wrong can come from something in between, a captive
     * portal or a load balancer, and is tried again.
     *
     * @param retryAfter as the header has it (RFC 9110 §10.2.3), null without one
     */
    static Outcome of(int status, @Nullable String retryAfter, byte[] body, int sent, Instant now) {
        String reason = "http_" + status;
        return switch (status) {
            case 202 -> taken(body, sent);
            case 400, 401, 403, 413, 415, 422 -> new Dropped(reason);
            default -> new Again(reason, retryAfter == null ? null : wait(retryAfter, now));
        };
    }

    private static Outcome taken(byte[] body, int sent) {
        try {
            JsonNode answer = JSON.readTree(body);
            return new Taken(
                    answer.path("accepted").asInt(sent),
                    answer.path("duplicate").asInt(0),
                    answer.path("late").asInt(0),
                    answer.path("refused").size());
        } catch (IOException unreadable) {
            return new Taken(sent, 0, 0, 0);
        }
    }

    private static @Nullable Duration wait(String retryAfter, Instant now) {
        if (retryAfter.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}

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
import java.util.Optional;
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

        /** For the log: what it means for the events and for people. */
        String meaning() {
            return switch (reason) {
                case "http_401", "http_403", FOREIGN_CLIENT ->
                    "events wait and are sent again; check the token and the client id";
                case "tls" -> "events wait and are sent again; its certificate must be trusted, see --ingest-ca";
                default -> "events wait and are sent again";
            };
        }

        /** A node that limits the rate, or a line too slow for the request, may take a smaller one. */
        boolean isBetterWithLess() {
            return isOverTheRate() || reason.equals("timeout");
        }

        boolean isOverTheRate() {
            return reason.equals("http_429");
        }

        /** The node itself says that the token is for another client than these events', each of them. */
        boolean isOfForeignClient() {
            return reason.equals(FOREIGN_CLIENT);
        }
    }

    /** These events can never succeed in one request; a smaller one may tell which of them is the cause. */
    record Refused(String reason) implements Outcome {
        public Refused {
            Objects.requireNonNull(reason);
        }
    }

    ObjectMapper JSON = new ObjectMapper();
    String FOREIGN_CLIENT = "foreign_client";

    /**
     * Any answer that is neither 202 nor says that the request is wrong can come from something in between, a captive
     * portal or a load balancer, and is tried again; so is one about the token (401, 403), which people can mend.
     *
     * @param retryAfter as the header has it (RFC 9110 §10.2.3), null without one
     * @param body empty when it is longer than any of a node's, whatever the status: it is something in between's
     */
    static Outcome of(int status, @Nullable String retryAfter, Optional<byte[]> body, int sent, Instant now) {
        String reason = "http_" + status;
        Again again = new Again(reason, retryAfter == null ? null : wait(retryAfter, now));
        return body.map(answer -> switch (status) {
                    case 202 -> taken(answer, sent);
                    case 422 -> isAllRefused(answer, sent) ? new Taken(0, 0, 0, sent) : new Refused(reason);
                    case 400, 413, 415 -> new Refused(reason);
                    case 403 -> isForeign(answer) ? new Again(FOREIGN_CLIENT, null) : again;
                    default -> again;
                })
                .orElse(again);
    }

    /** Other reasons for a 403 are the token's scope, and a proxy's own. */
    private static boolean isForeign(byte[] body) {
        try {
            return JSON.readTree(body).path("type").asText().equals("/problems/foreign-client");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** A node that judged every event, and took none. */
    private static boolean isAllRefused(byte[] body, int sent) {
        try {
            return JSON.readTree(body).path("refused").size() == sent;
        } catch (IOException unreadable) {
            return false;
        }
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

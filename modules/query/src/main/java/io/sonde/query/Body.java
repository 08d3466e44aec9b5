package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.extractStrictEntity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.Route;

/** The JSON object of an order. Whatever is wrong with it is answered 400, naming what was expected. */
public final class Body {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 2_048;
    private static final int LARGEST = 64 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final JsonNode fields;

    private Body(JsonNode fields) {
        this.fields = fields;
    }

    /** What was sent, up to 64 KiB. */
    public static Route read(Function<Body, Route> inner) {
        return extractStrictEntity(
                TIMEOUT, LARGEST, entity -> inner.apply(parse(entity.getData().utf8String())));
    }

    /** @param text empty for no fields at all */
    static Body parse(String text) {
        try {
            JsonNode fields = text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
            if (fields.isObject()) {
                return new Body(fields);
            }
        } catch (JsonProcessingException e) {
            throw malformed("The body is not JSON: " + e.getOriginalMessage() + ".");
        }
        throw malformed("The body is to be a JSON object.");
    }

    public void allow(Set<String> names) {
        for (Iterator<String> given = fields.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!names.contains(name)) {
                throw Parameters.invalid(
                        name,
                        fields.path(name).asText(),
                        "one of the fields " + String.join(", ", new TreeSet<>(names)));
            }
        }
    }

    public Optional<String> text(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.asText();
        if (!value.isTextual() || text.isEmpty() || text.length() > LONGEST || text.indexOf('\0') >= 0) {
            throw Parameters.invalid(name, text, "a text of 1 to " + LONGEST + " characters, or to leave it out");
        }
        return Optional.of(text);
    }

    public Optional<Boolean> flag(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw Parameters.invalid(name, value.asText(), "true or false, or to leave it out");
        }
        return Optional.of(value.booleanValue());
    }

    /** One in it. */
    public Optional<Body> object(String name) {
        JsonNode value = fields.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw Parameters.invalid(name, value.toString(), "a JSON object");
        }
        return Optional.of(new Body(value));
    }

    /** Epoch ms. */
    public OptionalLong time(String name) {
        Optional<String> text = text(name);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Parameters.time(name, text.get()));
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(new Problem(400, "malformed-request", "Malformed request", detail));
    }
}

package io.sonde.views;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Verdicts as they are stored, which is how answers show them. What is no number is null. */
public final class VerdictJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerdictJson() {}

    /** The object with its braces. */
    public static void write(Verdict verdict, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("label", StoredText.of(verdict.label()));
        json.writeBooleanField("grave", verdict.grave());
        number("severity", verdict.severity(), json);
        json.writeArrayFieldStart("evidence");
        for (Evidence one : verdict.evidence()) {
            write(one, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    public static String text(Verdict verdict) {
        return written(json -> write(verdict, json));
    }

    public static String text(List<Verdict> verdicts) {
        return written(json -> {
            json.writeStartArray();
            for (Verdict verdict : verdicts) {
                write(verdict, json);
            }
            json.writeEndArray();
        });
    }

    static Verdict one(String json) {
        return verdict(parsed(json));
    }

    static List<Verdict> all(String json) {
        List<Verdict> verdicts = new ArrayList<>();
        parsed(json).forEach(one -> verdicts.add(verdict(one)));
        return verdicts;
    }

    /** As they are after they were stored. */
    static List<Verdict> storable(List<Verdict> verdicts) {
        return verdicts.isEmpty() ? verdicts : all(text(verdicts));
    }

    private static void write(Evidence evidence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("of", StoredText.of(evidence.of()));
        json.writeStringField("unit", StoredText.of(evidence.unit()));
        number("observed", evidence.observed(), json);
        number("threshold", evidence.threshold(), json);
        norm("baseline", evidence.recent(), json);
        norm("same_hour", evidence.sameHour(), json);
        json.writeEndObject();
    }

    private static void norm(String name, Norm norm, JsonGenerator json) throws IOException {
        if (norm.isKnown()) {
            json.writeObjectFieldStart(name);
            number("mean", norm.mean(), json);
            number("deviation", norm.deviation(), json);
            json.writeNumberField("windows", norm.windows());
            json.writeEndObject();
        } else {
            json.writeNullField(name);
        }
    }

    /** PostgreSQL's numbers have no zero below zero. */
    private static void number(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value == 0 ? 0 : value);
        } else {
            json.writeNullField(name);
        }
    }

    private static Verdict verdict(JsonNode json) {
        List<Evidence> evidence = new ArrayList<>();
        json.path("evidence")
                .forEach(one -> evidence.add(new Evidence(
                        one.path("of").asText(),
                        one.path("unit").asText(),
                        number(one.path("observed")),
                        norm(one.path("baseline")),
                        norm(one.path("same_hour")),
                        number(one.path("threshold")))));
        return new Verdict(
                json.path("label").asText(), json.path("grave").asBoolean(), number(json.path("severity")), evidence);
    }

    private static Norm norm(JsonNode json) {
        return json.isObject()
                ? new Norm(
                        number(json.path("mean")),
                        number(json.path("deviation")),
                        json.path("windows").asInt())
                : Norm.NONE;
    }

    private static double number(JsonNode json) {
        return json.isNumber() ? json.asDouble() : Double.NaN;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one value. */
    private interface Value {
        void write(JsonGenerator json) throws IOException;
    }

    private static String written(Value value) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            value.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }
}

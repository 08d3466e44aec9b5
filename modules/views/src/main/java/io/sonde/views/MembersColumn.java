package io.sonde.views;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Notification.Member;
import io.sonde.problems.Problem.Ack;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The incidents of a problem, and who took it on, in their columns. Evidence is with the incident. */
final class MembersColumn {
    private static final ObjectMapper JSON = new ObjectMapper();

    private MembersColumn() {}

    static String text(List<Member> members) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (Member member : members) {
                write(member, json);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    static @Nullable String text(@Nullable Ack ack) {
        return ack == null
                ? null
                : JSON.createObjectNode()
                        .put("by", StoredText.of(ack.by()))
                        .put("note", StoredText.of(ack.note()))
                        .put("at", ack.atMs())
                        .toString();
    }

    static List<Member> members(String json) {
        List<Member> members = new ArrayList<>();
        for (JsonNode one : parsed(json)) {
            members.add(new Member(
                    one.path("incident").asText(),
                    one.path("source").asText(),
                    one.path("target").asText(),
                    one.path("label").asText(),
                    one.path("onset").asLong(),
                    one.hasNonNull("ended") ? Long.valueOf(one.path("ended").asLong()) : null,
                    one.path("severity").asDouble(),
                    List.of()));
        }
        return members;
    }

    static @Nullable Ack ack(@Nullable String json) {
        if (json == null) {
            return null;
        }
        JsonNode ack = parsed(json);
        return new Ack(
                ack.path("by").asText(),
                ack.path("note").asText(),
                ack.path("at").asLong());
    }

    private static void write(Member member, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("incident", StoredText.of(member.incident()));
        json.writeStringField("source", StoredText.of(member.source()));
        json.writeStringField("target", StoredText.of(member.target()));
        json.writeStringField("label", StoredText.of(member.label()));
        json.writeNumberField("onset", member.onsetMs());
        Long endedMs = member.endedMs();
        if (endedMs != null) {
            json.writeNumberField("ended", endedMs);
        }
        if (Double.isFinite(member.severity())) {
            json.writeNumberField("severity", member.severity());
        }
        json.writeEndObject();
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Kind;
import io.sonde.core.Notification.Member;
import io.sonde.problems.Delivery;
import io.sonde.problems.Problem;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.Silence;
import io.sonde.views.StoredProblem;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** Problems and silences as answers show them. */
final class ProblemJson {
    private final Kind kind;

    ProblemJson(Kind kind) {
        this.kind = kind;
    }

    void write(StoredProblem stored, JsonGenerator json) throws IOException {
        json.writeStartObject();
        members(stored, json);
        json.writeEndObject();
    }

    void members(StoredProblem stored, JsonGenerator json) throws IOException {
        told(stored.problem(), json);
        json.writeArrayFieldStart("notifications");
        for (Delivery delivery : stored.deliveries()) {
            write(delivery, json);
        }
        json.writeEndArray();
    }

    /** All but its notifications, which come later and by themselves. */
    void told(Problem problem, JsonGenerator json) throws IOException {
        json.writeStringField("id", problem.id());
        json.writeStringField("state", problem.isOpen() ? "open" : "ended");
        json.writeStringField("side", side(problem));
        json.writeStringField("label", problem.label());
        json.writeStringField(kind.sourceField(), problem.source());
        json.writeStringField("target", problem.target());
        time("started_ts", problem.startedMs(), json);
        time("ended_ts", problem.endedMs(), json);
        json.writeStringField("part_of", problem.partOf());
        ack(problem, json);
        json.writeArrayFieldStart("incidents");
        for (Member member : problem.members()) {
            write(member, json);
        }
        json.writeEndArray();
    }

    static String side(Problem problem) {
        return switch (problem.scope()) {
            case SOURCE -> "client";
            case TARGET -> "target";
            case PATH -> "path";
        };
    }

    void write(Silence silence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        members(silence, json);
        json.writeEndObject();
    }

    void members(Silence silence, JsonGenerator json) throws IOException {
        json.writeStringField("id", silence.id());
        json.writeStringField("label", silence.label());
        json.writeStringField(kind.sourceField(), silence.source());
        json.writeStringField("target", silence.target());
        time("from", silence.fromMs(), json);
        time("until", silence.untilMs(), json);
        json.writeStringField("by", silence.by());
        json.writeStringField("comment", silence.comment());
    }

    private static void ack(Problem problem, JsonGenerator json) throws IOException {
        Ack ack = problem.ack();
        if (ack == null) {
            json.writeNullField("ack");
            return;
        }
        json.writeObjectFieldStart("ack");
        json.writeStringField("by", ack.by());
        json.writeStringField("note", ack.note());
        time("at", ack.atMs(), json);
        json.writeEndObject();
    }

    private void write(Member member, JsonGenerator json) throws IOException {
        Long endedMs = member.endedMs();
        json.writeStartObject();
        json.writeStringField("id", member.incident());
        json.writeStringField(kind.sourceField(), member.source());
        json.writeStringField("target", member.target());
        json.writeStringField("label", member.label());
        time("onset_ts", member.onsetMs(), json);
        time("ended_ts", endedMs == null ? 0 : endedMs, json);
        json.writeEndObject();
    }

    private static void write(Delivery delivery, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("channel", delivery.channel());
        json.writeStringField("tells", delivery.resolved() ? "resolved" : "firing");
        json.writeStringField("state", delivery.state().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("failed_attempts", delivery.attempts());
        json.writeStringField("error", delivery.error().isEmpty() ? null : delivery.error());
        time("next_ts", delivery.state() == Delivery.State.DUE ? delivery.nextMs() : 0, json);
        time("done_ts", delivery.doneMs(), json);
        json.writeEndObject();
    }

    /** Null for 0, which is never. */
    private static void time(String name, long epochMs, JsonGenerator json) throws IOException {
        json.writeStringField(
                name, epochMs == 0 ? null : Instant.ofEpochMilli(epochMs).toString());
    }
}

package io.sonde.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.bus.DeadLetter;
import io.sonde.bus.Outcome;
import io.sonde.core.Batch;
import io.sonde.core.Kind;
import io.sonde.core.Sample;
import io.sonde.edge.Json;
import io.sonde.qoe.QoeKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;

/** Dead letters as a person or a program reads them. */
final class LetterText {
    private static final String ROW = "%-8s  %-20s  %-12s  %-10s  %-8s  %-24s  %6s  %8s  %s%n";
    private static final int DETAIL = 80;

    private final PrintWriter out;
    private final boolean asJson;

    LetterText(PrintWriter out, boolean asJson) {
        this.out = out;
        this.asJson = asJson;
    }

    void heading() {
        if (!asJson) {
            out.printf(ROW, "ID", "LAST", "REASON", "TENANT", "KIND", "SOURCE", "EVENTS", "ATTEMPTS", "DETAIL");
        }
    }

    void row(DeadLetter letter) {
        if (asJson) {
            out.println(Json.object(json -> head(json, letter)));
            return;
        }
        out.printf(
                ROW,
                letter.id(),
                Instant.ofEpochSecond(letter.last().getEpochSecond()),
                letter.reason().code(),
                letter.tenant(),
                letter.kind(),
                letter.source().isEmpty() ? "?" : letter.source(),
                letter.events(),
                letter.attempts(),
                letter.detail().length() > DETAIL ? letter.detail().substring(0, DETAIL) + "…" : letter.detail());
    }

    /** With its events, as far as this version can read them. */
    void whole(DeadLetter letter) {
        Optional<Batch> batch = letter.batch();
        if (asJson) {
            out.println(Json.object(json -> {
                head(json, letter);
                json.writeBooleanField("readable", batch.isPresent());
                if (batch.isPresent()) {
                    events(json, batch.get());
                }
            }));
            return;
        }
        out.println("letter " + letter.id() + ": " + letter.reason().code() + ", " + letter.detail());
        out.println("  " + letter.events() + " events of " + letter.source() + " (" + letter.tenant() + ", "
                + letter.kind() + "), published to " + letter.subject());
        out.println("  " + letter.attempts() + " attempts, first " + letter.first() + ", last " + letter.last());
        if (batch.isEmpty()) {
            out.println("  its " + letter.payload().length + " bytes are unreadable to this version");
            return;
        }
        out.println("  received " + Instant.ofEpochMilli(batch.get().recvTsMs()));
        for (Sample sample : batch.get().samples()) {
            out.println("    " + Json.object(json -> event(json, sample, batch.get())));
        }
    }

    void done(DeadLetter letter, Outcome outcome) {
        if (asJson) {
            out.println(Json.object(json -> {
                json.writeNumberField("id", letter.id());
                outcome(json, outcome);
            }));
        } else {
            out.println("letter " + letter.id() + ": " + sentence(outcome));
        }
        out.flush();
    }

    void said(DeadLetter letter, String what) {
        if (asJson) {
            out.println(Json.object(json -> {
                json.writeNumberField("id", letter.id());
                json.writeStringField("outcome", what);
            }));
        } else {
            out.println("letter " + letter.id() + ": " + what);
        }
        out.flush();
    }

    private static String sentence(Outcome outcome) {
        if (outcome instanceof Outcome.Recorded recorded) {
            return recorded.accepted() + " accepted, " + recorded.duplicate() + " duplicate, " + recorded.late()
                    + " late" + (recorded.late() > 0 ? " (their window is sealed)" : "")
                    + (recorded.unrecordable() > 0 ? ", " + recorded.unrecordable() + " dead letters again" : "");
        }
        if (outcome instanceof Outcome.DeadAgain again) {
            return "failed again and is a dead letter again: " + again.detail();
        }
        return "is in the stream again; no node has said yet what became of it";
    }

    private static void outcome(JsonGenerator json, Outcome outcome) throws IOException {
        if (outcome instanceof Outcome.Recorded recorded) {
            json.writeStringField("outcome", "recorded");
            json.writeNumberField("accepted", recorded.accepted());
            json.writeNumberField("duplicate", recorded.duplicate());
            json.writeNumberField("late", recorded.late());
            json.writeNumberField("unrecordable", recorded.unrecordable());
        } else if (outcome instanceof Outcome.DeadAgain again) {
            json.writeStringField("outcome", "dead again");
            json.writeStringField("detail", again.detail());
        } else {
            json.writeStringField("outcome", "unknown");
        }
    }

    private static void head(JsonGenerator json, DeadLetter letter) throws IOException {
        json.writeNumberField("id", letter.id());
        json.writeStringField("reason", letter.reason().code());
        json.writeStringField("detail", letter.detail());
        json.writeNumberField("attempts", letter.attempts());
        json.writeStringField("first", letter.first().toString());
        json.writeStringField("last", letter.last().toString());
        json.writeStringField("subject", letter.subject());
        json.writeStringField("tenant", letter.tenant());
        json.writeStringField("kind", letter.kind());
        json.writeStringField("source", letter.source());
        json.writeNumberField("events", letter.events());
    }

    private static void events(JsonGenerator json, Batch batch) throws IOException {
        json.writeNumberField("recv_ts_ms", batch.recvTsMs());
        json.writeArrayFieldStart("samples");
        for (Sample sample : batch.samples()) {
            json.writeStartObject();
            event(json, sample, batch);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void event(JsonGenerator json, Sample sample, Batch batch) throws IOException {
        Kind kind = QoeKind.KIND;
        boolean known = kind.name().equals(batch.source().kind());
        json.writeStringField("event_id", sample.id().toString());
        json.writeStringField("target", sample.target());
        json.writeNumberField("ts_ms", sample.tsMs());
        for (int i = 0; i < sample.values().length; i++) {
            String name =
                    known && i < kind.measures().size() ? kind.measures().get(i).name() : "value_" + i;
            if (Double.isFinite(sample.values()[i])) {
                json.writeNumberField(name, sample.values()[i]);
            } else {
                json.writeNullField(name);
            }
        }
        if (!sample.successful()) {
            boolean named = known && sample.error() < kind.errorStages().size();
            json.writeStringField("error", named ? kind.errorStages().get(sample.error()) : "stage " + sample.error());
            json.writeStringField("error_type", sample.reason());
        }
    }
}

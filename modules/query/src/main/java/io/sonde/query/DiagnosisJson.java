package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Kind;
import io.sonde.core.Verdict;
import io.sonde.views.DiagnosedWindow;
import io.sonde.views.Diagnosis;
import io.sonde.views.IncidentRow;
import io.sonde.views.VerdictJson;
import java.io.IOException;
import java.time.Instant;

/** Diagnoses and incidents as answers show them. */
final class DiagnosisJson {
    private final Kind kind;

    DiagnosisJson(Kind kind) {
        this.kind = kind;
    }

    void write(DiagnosedWindow window, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField(kind.sourceField(), window.source());
        json.writeStringField("target", window.target());
        time("window_start_ts", window.position().startMs(), json);
        json.writeNumberField("revision", window.revision());
        said("label", window.diagnosis(), json);
        time("updated_at", window.updatedMs(), json);
        json.writeEndObject();
    }

    /** @param label what the label is called there */
    static void said(String label, Diagnosis diagnosis, JsonGenerator json) throws IOException {
        json.writeStringField(label, diagnosis.label());
        score(diagnosis, json);
        json.writeStringField("rules", diagnosis.rules());
        json.writeArrayFieldStart("verdicts");
        for (Verdict verdict : diagnosis.verdicts()) {
            VerdictJson.write(verdict, json);
        }
        json.writeEndArray();
    }

    static void score(Diagnosis diagnosis, JsonGenerator json) throws IOException {
        if (diagnosis.hasScore()) {
            json.writeNumberField("score", diagnosis.score());
        } else {
            json.writeNullField("score");
        }
    }

    /** What is between the braces of an incident. */
    void members(IncidentRow incident, JsonGenerator json) throws IOException {
        told(incident, json);
        time("updated_at", incident.updatedMs(), json);
    }

    /** Likewise of one that nobody has read. */
    void told(IncidentRow incident, JsonGenerator json) throws IOException {
        json.writeStringField("id", incident.id());
        json.writeStringField(kind.sourceField(), incident.source());
        json.writeStringField("target", incident.target());
        json.writeStringField("label", incident.label());
        json.writeStringField("state", incident.state());
        json.writeNumberField("version", incident.version());
        time("onset_ts", incident.onsetMs(), json);
        time("opened_ts", incident.openedMs(), json);
        time("last_seen_ts", incident.lastSeenMs(), json);
        Long endedMs = incident.endedMs();
        if (endedMs == null) {
            json.writeNullField("ended_ts");
        } else {
            time("ended_ts", endedMs, json);
        }
        json.writeObjectFieldStart("peak");
        time("window_start_ts", incident.peakMs(), json);
        json.writeFieldName("verdict");
        VerdictJson.write(incident.peak(), json);
        json.writeEndObject();
        json.writeStringField("rules", incident.rules());
        timeline(incident, json);
    }

    private static void timeline(IncidentRow incident, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("timeline");
        for (IncidentRow.Change change : incident.timeline()) {
            json.writeStartObject();
            time("window_start_ts", change.startMs(), json);
            json.writeStringField("label", change.label());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void time(String name, long epochMs, JsonGenerator json) throws IOException {
        json.writeStringField(name, Instant.ofEpochMilli(epochMs).toString());
    }
}

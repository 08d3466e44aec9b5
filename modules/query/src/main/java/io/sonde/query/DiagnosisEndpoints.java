package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.views.DiagnosedWindow;
import io.sonde.views.DiagnosisQuery;
import io.sonde.views.IncidentQuery;
import io.sonde.views.IncidentRow;
import io.sonde.views.Page;
import io.sonde.views.Position;
import io.sonde.views.SeriesFilter;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /diagnoses}, minutes of which a verdict holds, and {@code /incidents}, what they make; the latest first. */
final class DiagnosisEndpoints {
    private static final int LONGEST_LABEL = 100;
    private static final int LONGEST_ID = 100;

    private final Kind kind;
    private final WindowQueries queries;
    private final DiagnosisJson diagnosis;

    DiagnosisEndpoints(Kind kind, WindowQueries queries) {
        this.kind = kind;
        this.queries = queries;
        this.diagnosis = new DiagnosisJson(kind);
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint(
                        "diagnoses",
                        Set.of(kind.sourceField(), "target", "label", "from", "to", "limit", "cursor"),
                        Scope.READ,
                        this::diagnoses),
                new Endpoint(
                        "incidents",
                        Set.of(kind.sourceField(), "target", "label", "state", "from", "to", "limit", "cursor"),
                        Scope.READ,
                        this::incidents),
                new Endpoint("incidents/" + Endpoint.ID, Set.of(), Scope.READ, this::incident));
    }

    private CompletionStage<Json.Members> diagnoses(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("diagnoses", 4);
        Span span = Span.ofAll(parameters, cursor);
        DiagnosisQuery query = new DiagnosisQuery(
                series(grant, parameters),
                parameters.text("label", LONGEST_LABEL).orElse(null),
                span.fromMs(),
                span.toMs(),
                cursor.map(last -> new Position(last.valid(3), last.valid(2))).orElse(null),
                parameters.limit());
        return queries.diagnoses(query).thenApply(page -> json -> write(page, span, json));
    }

    private CompletionStage<Json.Members> incidents(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("incidents", 4);
        Span span = Span.ofAll(parameters, cursor);
        IncidentQuery query = new IncidentQuery(
                series(grant, parameters),
                parameters.text("label", LONGEST_LABEL).orElse(null),
                parameters
                        .text("state", LONGEST_LABEL)
                        .map(DiagnosisEndpoints::state)
                        .orElse(null),
                span.fromMs(),
                span.toMs(),
                cursor.map(last -> new IncidentQuery.Key(last.valid(2), last.part(3)))
                        .orElse(null),
                parameters.limit());
        return queries.incidents(query).thenApply(page -> json -> writeIncidents(page, span, json));
    }

    private CompletionStage<Json.Members> incident(Grant grant, Parameters parameters) {
        String id = parameters.required("id", LONGEST_ID);
        return queries.incident(grant.tenant(), kind.name(), id).thenApply(found -> {
            IncidentRow incident = found.orElseThrow(() -> new ProblemException(new Problem(
                    404,
                    "not-found",
                    "Not found",
                    "There is no incident with this id; GET /api/v1/incidents lists them.")));
            return json -> diagnosis.members(incident, json);
        });
    }

    private SeriesFilter series(Grant grant, Parameters parameters) {
        return new SeriesFilter(
                grant.tenant(),
                kind.name(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null));
    }

    private static String state(String given) {
        if (IncidentQuery.STATES.contains(given)) {
            return given;
        }
        throw Parameters.invalid("state", given, "one of " + String.join(", ", IncidentQuery.STATES));
    }

    private void write(Page<DiagnosedWindow, Position> page, Span span, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("diagnoses");
        for (DiagnosedWindow window : page.items()) {
            diagnosis.write(window, json);
        }
        json.writeEndArray();
        Position last = page.last();
        if (last != null) {
            next("diagnoses", span, last.startMs(), Long.toString(last.seriesId()), json);
        }
    }

    private void writeIncidents(Page<IncidentRow, IncidentQuery.Key> page, Span span, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart("incidents");
        for (IncidentRow incident : page.items()) {
            json.writeStartObject();
            diagnosis.members(incident, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        IncidentQuery.Key last = page.last();
        if (last != null) {
            next("incidents", span, last.onsetMs(), last.id(), json);
        }
    }

    private static void next(String list, Span span, long startMs, String which, JsonGenerator json)
            throws IOException {
        List<String> parts =
                List.of(Long.toString(span.fromMs()), Long.toString(span.toMs()), Long.toString(startMs), which);
        json.writeStringField("next", new Cursor(list, parts).text());
    }
}

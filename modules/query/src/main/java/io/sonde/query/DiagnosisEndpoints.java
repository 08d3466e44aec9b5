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
                new Endpoint("diagnoses", ofDiagnoses(), Scope.READ, this::diagnoses),
                new Endpoint("incidents", ofIncidents(), Scope.READ, this::incidents),
                new Endpoint("incidents/" + Endpoint.ID, Set.of(), Scope.READ, this::incident));
    }

    Exported<DiagnosedWindow> exportedDiagnoses() {
        return new Exported<>(
                "diagnoses",
                ofDiagnoses(),
                ExportColumns.diagnoses(kind),
                (grant, parameters) -> page(diagnosisQuery(grant, parameters)),
                (grant, parameters, most) -> queries.count(diagnosisQuery(grant, parameters), most));
    }

    Exported<IncidentRow> exportedIncidents() {
        return new Exported<>(
                "incidents",
                ofIncidents(),
                ExportColumns.incidents(kind),
                (grant, parameters) -> page(incidentQuery(grant, parameters)),
                (grant, parameters, most) -> queries.count(incidentQuery(grant, parameters), most));
    }

    private Set<String> ofDiagnoses() {
        return Set.of(kind.sourceField(), "target", "label", "from", "to", "limit", "cursor");
    }

    private Set<String> ofIncidents() {
        return Set.of(kind.sourceField(), "target", "label", "state", "from", "to", "limit", "cursor");
    }

    private CompletionStage<Json.Members> diagnoses(Grant grant, Parameters parameters) {
        return page(diagnosisQuery(grant, parameters)).thenApply(page -> json -> write(page, json));
    }

    private CompletionStage<Json.Members> incidents(Grant grant, Parameters parameters) {
        return page(incidentQuery(grant, parameters)).thenApply(page -> json -> writeIncidents(page, json));
    }

    private CompletionStage<Page<DiagnosedWindow, String>> page(DiagnosisQuery query) {
        return queries.diagnoses(query)
                .thenApply(page -> page.goingOn(last -> next(
                        "diagnoses", query.fromMs(), query.toMs(), last.startMs(), Long.toString(last.seriesId()))));
    }

    private CompletionStage<Page<IncidentRow, String>> page(IncidentQuery query) {
        return queries.incidents(query)
                .thenApply(page -> page.goingOn(
                        last -> next("incidents", query.fromMs(), query.toMs(), last.onsetMs(), last.id())));
    }

    private DiagnosisQuery diagnosisQuery(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("diagnoses", 4);
        Span span = Span.ofAll(parameters, cursor);
        return new DiagnosisQuery(
                series(grant, parameters),
                parameters.text("label", LONGEST_LABEL).orElse(null),
                span.fromMs(),
                span.toMs(),
                cursor.map(last -> new Position(last.valid(3), last.valid(2))).orElse(null),
                parameters.limit());
    }

    private IncidentQuery incidentQuery(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("incidents", 4);
        Span span = Span.ofAll(parameters, cursor);
        return new IncidentQuery(
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

    private void write(Page<DiagnosedWindow, String> page, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("diagnoses");
        for (DiagnosedWindow window : page.items()) {
            diagnosis.write(window, json);
        }
        json.writeEndArray();
        next(page, json);
    }

    private void writeIncidents(Page<IncidentRow, String> page, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("incidents");
        for (IncidentRow incident : page.items()) {
            json.writeStartObject();
            diagnosis.members(incident, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        next(page, json);
    }

    private static void next(Page<?, String> page, JsonGenerator json) throws IOException {
        String next = page.last();
        if (next != null) {
            json.writeStringField("next", next);
        }
    }

    private static String next(String list, long fromMs, long toMs, long startMs, String which) {
        return new Cursor(list, List.of(Long.toString(fromMs), Long.toString(toMs), Long.toString(startMs), which))
                .text();
    }
}

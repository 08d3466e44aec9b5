package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Judgement;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Minute;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import io.sonde.views.Overview;
import io.sonde.views.OverviewQuery;
import io.sonde.views.Resolution;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /overview}: all series of a tenant together, over a time and step by step. */
final class OverviewEndpoint {
    private final Kind kind;
    private final WindowQueries queries;
    private final Clock clock;
    private final WindowJson windows;

    OverviewEndpoint(Kind kind, WindowQueries queries, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.clock = clock;
        this.windows = new WindowJson(kind);
    }

    Endpoint get() {
        return new Endpoint("overview", Set.of("from", "to"), Scope.READ, this::overview);
    }

    private CompletionStage<Json.Members> overview(Grant grant, Parameters parameters) {
        long nowMs = clock.millis();
        Span span = Span.ofOverview(parameters, nowMs);
        return queries.overview(OverviewQuery.of(grant.tenant(), kind.name(), span.fromMs(), span.toMs()))
                .thenApply(overview -> json -> write(overview, nowMs, json));
    }

    private void write(Overview overview, long nowMs, JsonGenerator json) throws IOException {
        OverviewQuery asked = overview.asked();
        json.writeStringField("from", Span.text(asked.fromMs()));
        json.writeStringField("to", Span.text(asked.toMs()));
        json.writeNumberField("step_s", asked.stepMs() / 1_000);
        json.writeStringField("complete_until", Span.text(completeUntilMs(overview, nowMs)));
        Long keptFromMs = overview.keptFromMs();
        json.writeStringField("kept_from", keptFromMs == null ? null : Span.text(keptFromMs));
        json.writeNumberField("open_problems", overview.openProblems());
        json.writeNumberField("open_incidents", overview.openIncidents());
        json.writeObjectFieldStart("units");
        for (Measure measure : kind.measures()) {
            json.writeStringField(measure.name(), measure.unit());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("all");
        write(overview.all(), json);
        json.writeObjectFieldStart("reasons");
        windows.reasons(overview.all().reasons(), json);
        json.writeEndObject();
        json.writeEndObject();
        json.writeArrayFieldStart("steps");
        for (Overview.Part step : overview.steps()) {
            json.writeStartObject();
            json.writeStringField("start_ts", Span.text(step.startMs()));
            write(step, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A minute's windows come within a minute of its end. */
    private static long completeUntilMs(Overview overview, long nowMs) {
        return Math.min(overview.completeUntilMs(), Resolution.MINUTE.startOf(nowMs - Minute.LENGTH_MS));
    }

    private void write(Overview.Part part, JsonGenerator json) throws IOException {
        long errors = part.errors().stream().mapToLong(count -> count).sum();
        json.writeBooleanField("complete", part.complete());
        json.writeNumberField("window_count", part.windows());
        json.writeNumberField("series_count", part.series());
        json.writeNumberField("client_count", part.sources());
        json.writeNumberField("target_count", part.targets());
        json.writeNumberField("count_total", part.success() + errors);
        json.writeNumberField("count_success", part.success());
        json.writeNumberField("count_error", errors);
        windows.errors(part.errors(), json);
        windows.measures(part.measures(), json);
        WindowJson.merged(part.measures(), json);
        if (part.score() == Judgement.NO_SCORE) {
            json.writeNullField("score");
        } else {
            json.writeNumberField("score", part.score());
        }
    }
}

package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Distribution;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Scope;
import io.sonde.core.Summary;
import io.sonde.edge.Json;
import io.sonde.views.SeriesFilter;
import io.sonde.views.WindowQueries;
import io.sonde.views.Worst;
import io.sonde.views.WorstQuery;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /worst}: the series that stand out in some minutes, by the p95 of one measure over all of them. */
final class WorstEndpoint {
    private static final int USUAL_LIMIT = 20;

    private final Kind kind;
    private final WindowQueries queries;
    private final Clock clock;

    WorstEndpoint(Kind kind, WindowQueries queries, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.clock = clock;
    }

    Endpoint get() {
        return new Endpoint(
                "worst",
                Set.of("measure", kind.sourceField(), "target", "from", "to", "limit"),
                Scope.READ,
                this::worst);
    }

    private CompletionStage<Json.Members> worst(Grant grant, Parameters parameters) {
        WorstQuery query = query(grant, parameters);
        return queries.worst(query).thenApply(worst -> {
            Long keptFromMs = worst.keptFromMs();
            if (keptFromMs != null) {
                throw Parameters.invalid(
                        "from",
                        Span.text(query.fromMs()),
                        "a time from " + Span.text(keptFromMs) + " on: of the time before no ranking is kept;"
                                + " ask of its series with /api/v1/windows");
            }
            return json -> write(query, worst, json);
        });
    }

    private WorstQuery query(Grant grant, Parameters parameters) {
        SeriesFilter series = new SeriesFilter(
                grant.tenant(),
                kind.name(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null));
        int measure = parameters.measure(kind);
        Span span = Span.ofWorst(parameters, clock.millis());
        return new WorstQuery(
                series,
                measure,
                kind.measures().get(measure).moreIsBetter(),
                span.fromMs(),
                span.toMs(),
                parameters.limit(USUAL_LIMIT, WorstQuery.MOST));
    }

    private void write(WorstQuery query, Worst worst, JsonGenerator json) throws IOException {
        Measure measure = kind.measures().get(query.measure());
        json.writeStringField("measure", measure.name());
        json.writeStringField("unit", measure.unit());
        json.writeStringField("worst_is", measure.moreIsBetter() ? "lowest" : "highest");
        json.writeStringField("from", Span.text(query.fromMs()));
        json.writeStringField("to", Span.text(query.toMs()));
        json.writeArrayFieldStart("worst");
        for (Worst.Series one : worst.series()) {
            write(one, json);
        }
        json.writeEndArray();
    }

    private void write(Worst.Series one, JsonGenerator json) throws IOException {
        Distribution measure = one.measure();
        boolean exact = measure.summary().exact();
        json.writeStartObject();
        json.writeStringField(kind.sourceField(), one.source());
        json.writeStringField("target", one.target());
        json.writeNumberField("p95", measure.p95());
        json.writeNumberField("p50", measure.p50());
        json.writeNumberField("count", measure.count());
        json.writeNumberField("window_count", one.windows());
        json.writeObjectFieldStart("peak");
        json.writeStringField(
                "window_start_ts", Instant.ofEpochMilli(one.peakMs()).toString());
        json.writeNumberField("p95", one.peak());
        json.writeEndObject();
        json.writeStringField("percentiles", exact ? "exact" : "sketch");
        json.writeNumberField("relative_error", exact ? 0 : Summary.RELATIVE_ERROR);
        json.writeEndObject();
    }
}

package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Distribution;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.core.Scope;
import io.sonde.core.Summary;
import io.sonde.edge.Json;
import io.sonde.views.DistributionQuery;
import io.sonde.views.Histogram;
import io.sonde.views.SeriesDistribution;
import io.sonde.views.SeriesFilter;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /series/distribution}: how one measure of one series is spread over some time, all of it and step by step. */
final class DistributionEndpoint {
    private static final List<Double> OF_ALL = List.of(1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9);
    private static final List<Integer> OF_A_STEP = List.of(5, 25, 50, 75, 95);

    private final Kind kind;
    private final WindowQueries queries;
    private final Clock clock;

    DistributionEndpoint(Kind kind, WindowQueries queries, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.clock = clock;
    }

    Endpoint get() {
        return new Endpoint(
                "series/distribution",
                Set.of(kind.sourceField(), "target", "measure", "from", "to"),
                Scope.READ,
                this::distribution);
    }

    private CompletionStage<Json.Members> distribution(Grant grant, Parameters parameters) {
        SeriesFilter series = new SeriesFilter(
                grant.tenant(),
                kind.name(),
                parameters.required(kind.sourceField(), QueryRoutes.LONGEST_SOURCE),
                parameters.required("target", QueryRoutes.LONGEST_TARGET));
        int measure = parameters.measure(kind);
        Span span = Span.ofDistribution(parameters, clock.millis());
        DistributionQuery query = new DistributionQuery(series, measure, span.fromMs(), span.toMs());
        return queries.distribution(query).thenApply(found -> json -> write(query, found, json));
    }

    private void write(DistributionQuery query, SeriesDistribution found, JsonGenerator json) throws IOException {
        Measure measure = kind.measures().get(query.measure());
        json.writeStringField(
                kind.sourceField(), Objects.requireNonNull(query.series().source()));
        json.writeStringField("target", Objects.requireNonNull(query.series().target()));
        json.writeStringField("measure", measure.name());
        json.writeStringField("unit", measure.unit());
        json.writeStringField("from", Span.text(query.fromMs()));
        json.writeStringField("to", Span.text(query.toMs()));
        json.writeStringField("resolution", query.resolution().code());
        json.writeNumberField("step_ms", query.stepMs());
        whole(found.whole(), json);
        json.writeArrayFieldStart("steps");
        for (SeriesDistribution.Part step : found.steps()) {
            write(step, json);
        }
        json.writeEndArray();
    }

    private static void whole(SeriesDistribution.Part whole, JsonGenerator json) throws IOException {
        Summary summary = whole.measure().summary();
        counts(whole, json);
        json.writeStringField("percentiles", summary.exact() ? "exact" : "sketch");
        json.writeNumberField("relative_error", summary.exact() ? 0 : Summary.RELATIVE_ERROR);
        json.writeArrayFieldStart("quantiles");
        for (double p : OF_ALL) {
            json.writeStartObject();
            json.writeNumberField("p", p);
            number("value", whole.quantile(p / 100), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("histogram");
        for (Histogram.Bucket bucket : Histogram.of(summary).buckets()) {
            json.writeStartObject();
            json.writeNumberField("from", bucket.from());
            json.writeNumberField("to", bucket.to());
            json.writeNumberField("count", bucket.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(SeriesDistribution.Part step, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("start_ts", Span.text(step.startMs()));
        counts(step, json);
        for (int p : OF_A_STEP) {
            number("p" + p, step.quantile(p / 100.0), json);
        }
        json.writeEndObject();
    }

    private static void counts(SeriesDistribution.Part part, JsonGenerator json) throws IOException {
        Distribution measure = part.measure();
        json.writeNumberField("count_total", part.total());
        json.writeNumberField("count_error", part.error());
        json.writeNumberField("count", measure.count());
        number("min", measure.min(), json);
        number("max", measure.max(), json);
    }

    private static void number(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}

package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Distribution;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.core.Summary;
import io.sonde.core.WindowAggregate;
import io.sonde.views.ClosedMinute;
import io.sonde.views.Diagnosis;
import io.sonde.views.Resolution;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A window as answers show it: its names are made of the names of its kind, what was not measured is null. */
final class WindowJson {
    /** A minute's percentiles are of all its values up to here, beyond that of a uniform sample of as many. */
    private static final long SAMPLED_BEYOND = 10_000;

    private final Kind kind;

    WindowJson(Kind kind) {
        this.kind = kind;
    }

    /**
     * What is said of a window beside its counts.
     *
     * @param updated null when it is not stored yet
     */
    record Circumstances(
            String source, Resolution resolution, boolean sealed, Diagnosis diagnosis, @Nullable Instant updated) {}

    void write(WindowAggregate window, Circumstances known, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField(kind.sourceField(), known.source());
        json.writeStringField("target", window.target());
        json.writeStringField(
                "window_start_ts", Instant.ofEpochMilli(window.startMs()).toString());
        json.writeStringField("resolution", known.resolution().code());
        json.writeNumberField("revision", window.revision());
        json.writeBooleanField("sealed", known.sealed());
        json.writeNumberField("count_total", window.total());
        json.writeNumberField("count_success", window.success());
        json.writeNumberField("count_error", window.error());
        errors(window.errors(), json);
        measures(window.measures(), json);
        percentiles(window, known.resolution(), json);
        json.writeObjectFieldStart("reasons");
        reasons(window.reasons(), json);
        json.writeEndObject();
        DiagnosisJson.said("diagnosis_label", known.diagnosis(), json);
        json.writeStringField(
                "updated_at", known.updated() == null ? null : known.updated().toString());
        json.writeEndObject();
    }

    /** Between the braces, and under the same names, what changes from window to window: for whoever is told of each. */
    void brief(String source, ClosedMinute.Window window, JsonGenerator json) throws IOException {
        WindowAggregate counted = window.aggregate();
        json.writeStringField(kind.sourceField(), source);
        json.writeStringField("target", counted.target());
        json.writeStringField(
                "window_start_ts", Instant.ofEpochMilli(counted.startMs()).toString());
        json.writeNumberField("revision", counted.revision());
        json.writeNumberField("count_total", counted.total());
        json.writeNumberField("count_success", counted.success());
        json.writeNumberField("count_error", counted.error());
        for (int i = 0; i < kind.measures().size(); i++) {
            Distribution measure = measure(counted.measures(), i);
            number(kind.measures().get(i).name() + "_p50", measure.p50(), json);
            number(kind.measures().get(i).name() + "_p95", measure.p95(), json);
        }
        json.writeStringField("diagnosis_label", window.diagnosis().label());
        DiagnosisJson.score(window.diagnosis(), json);
    }

    /** No event that was received can change the window any more: received in time, everything is acknowledged. */
    static boolean sealed(long startMs, Resolution resolution, long watermarkMs) {
        return startMs + resolution.lengthMs() + Minute.LATENESS_MS + QueryRoutes.ROW_FOLLOWS_WITHIN_MS <= watermarkMs;
    }

    /** @param errors shorter where they were stored before there were the last stages */
    void errors(List<Long> errors, JsonGenerator json) throws IOException {
        for (int i = 0; i < kind.errorStages().size(); i++) {
            json.writeNumberField(
                    kind.errorStages().get(i).toLowerCase(Locale.ROOT) + "_error_count",
                    i < errors.size() ? errors.get(i) : 0);
        }
    }

    /** @param measures shorter where they were stored before there were the last ones */
    void measures(List<Distribution> measures, JsonGenerator json) throws IOException {
        for (int i = 0; i < kind.measures().size(); i++) {
            Distribution measure = measure(measures, i);
            String name = kind.measures().get(i).name();
            json.writeNumberField(name + "_count", measure.count());
            number(name + "_min", measure.min(), json);
            number(name + "_max", measure.max(), json);
            number(name + "_p50", measure.p50(), json);
            number(name + "_p95", measure.p95(), json);
        }
    }

    /** A window of before it was measured has fewer. */
    private static Distribution measure(List<Distribution> measures, int i) {
        return i < measures.size() ? measures.get(i) : Distribution.EMPTY;
    }

    private static void percentiles(WindowAggregate window, Resolution resolution, JsonGenerator json)
            throws IOException {
        if (resolution == Resolution.MINUTE) {
            boolean sampled = window.measures().stream().anyMatch(measure -> measure.count() > SAMPLED_BEYOND);
            json.writeStringField("percentiles", sampled ? "sample" : "exact");
            number("relative_error", sampled ? Double.NaN : 0, json);
        } else {
            merged(window.measures(), json);
        }
    }

    /** What the percentiles of merged windows are. */
    static void merged(List<Distribution> measures, JsonGenerator json) throws IOException {
        boolean exact = measures.stream().allMatch(measure -> measure.summary().exact());
        json.writeStringField("percentiles", exact ? "exact" : "sketch");
        number("relative_error", exact ? 0 : Summary.RELATIVE_ERROR, json);
    }

    /** What is between the braces of {@code {"DNS":{"nxdomain":3}}}, of {@code 0:nxdomain} = 3. */
    void reasons(Map<String, Long> reasons, JsonGenerator json) throws IOException {
        Map<Integer, Map<String, Long>> byStage = new TreeMap<>();
        reasons.forEach((reason, count) -> {
            int colon = reason.indexOf(':');
            byStage.computeIfAbsent(Integer.parseInt(reason, 0, colon, 10), any -> new TreeMap<>())
                    .put(reason.substring(colon + 1), count);
        });
        for (Map.Entry<Integer, Map<String, Long>> stage : byStage.entrySet()) {
            json.writeObjectFieldStart(kind.errorStages().get(stage.getKey()));
            for (Map.Entry<String, Long> reason : stage.getValue().entrySet()) {
                json.writeNumberField(reason.getKey(), reason.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void number(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }
}

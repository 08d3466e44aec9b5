package io.sonde.app.probes;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered of probes, in JSON. */
final class ProbeJson {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** After its newest window a probe is silent: longer than windows take to be stored, also of one measured each minute. */
    private static final Duration SILENT_AFTER = Duration.ofMinutes(5);

    private ProbeJson() {}

    static String page(Probes.Page page, int limit, String sourceField, Instant now) {
        List<Probe> probes = page.probes();
        return Json.object(json -> {
            json.writeArrayFieldStart("probes");
            for (Probe probe : probes) {
                json.writeStartObject();
                write(probe, sourceField, now, json);
                json.writeEndObject();
            }
            json.writeEndArray();
            if (page.common().isPresent()) {
                common(page.common().get(), json);
            } else {
                json.writeNullField("default");
            }
            if (probes.size() == limit) {
                String last = probes.get(probes.size() - 1).clientId();
                json.writeStringField("next", new Cursor("probes", List.of(last)).text());
            }
        });
    }

    /** @param problems each {@code key: what is wrong with it} */
    static ProblemException wrong(List<String> problems) {
        String first = problems.get(0);
        return new ProblemException(new Problem(
                        400,
                        "invalid-parameter",
                        "Invalid parameter",
                        "The configuration is not taken. " + first + (problems.size() > 1 ? " (and more: errors)" : ""))
                .with(json -> {
                    json.writeStringField("parameter", key(first));
                    json.writeArrayFieldStart("errors");
                    for (String problem : problems) {
                        json.writeStartObject();
                        json.writeStringField("parameter", key(problem));
                        json.writeStringField(
                                "detail",
                                problem.substring(key(problem).length() + 1).strip());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                }));
    }

    private static String key(String problem) {
        return problem.substring(0, problem.indexOf(':'));
    }

    private static void write(Probe probe, String sourceField, Instant now, JsonGenerator json) throws IOException {
        json.writeStringField(sourceField, probe.clientId());
        json.writeFieldName("attributes");
        json.writeRawValue(probe.attributes());
        Instant last = probe.lastWindow();
        time("last_window_ts", last, json);
        Instant end = last == null ? null : last.plus(WINDOW);
        time("silent_since", end != null && end.plus(SILENT_AFTER).isBefore(now) ? end : null, json);
        Probe.Asked asked = probe.asked();
        json.writeStringField("version", asked == null || asked.version().isEmpty() ? null : asked.version());
        time("asked_at", asked == null ? null : asked.at(), json);
        json.writeStringField("state", probe.state());
        Probe.Configured configured = probe.configured();
        if (configured == null) {
            json.writeNullField("config");
        } else {
            json.writeObjectFieldStart("config");
            write(configured, json);
            json.writeEndObject();
        }
    }

    private static void common(ProbeConfig config, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("default");
        json.writeStringField("etag", config.etag());
        time("changed_at", config.changedAt(), json);
        json.writeStringField("changed_by", config.changedBy());
        json.writeEndObject();
    }

    private static void write(Probe.Configured config, JsonGenerator json) throws IOException {
        json.writeStringField("of", ProbeConfig.of(config.of()));
        json.writeStringField("etag", config.etag());
        json.writeNumberField("target_count", config.targets());
        json.writeArrayFieldStart("targets");
        for (String target : config.first()) {
            json.writeString(target);
        }
        json.writeEndArray();
        json.writeStringField("interval", config.interval());
        time("changed_at", config.changedAt(), json);
        json.writeStringField("changed_by", config.changedBy());
    }

    private static void time(String name, @Nullable Instant time, JsonGenerator json) throws IOException {
        json.writeStringField(name, time == null ? null : time.toString());
    }
}

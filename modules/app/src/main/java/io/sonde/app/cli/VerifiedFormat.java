package io.sonde.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.app.problem.ExitCode;
import io.sonde.edge.Json;
import io.sonde.views.Difference;
import io.sonde.views.Verified;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** What {@code sonde verify} prints. */
final class VerifiedFormat {
    private VerifiedFormat() {}

    /** A line for each difference that is named, one for each kind, and a sum. */
    static String text(Verified verified) {
        StringBuilder text = new StringBuilder();
        for (Difference difference : verified.first()) {
            text.append(
                    String.format("%-19s  %s%s%n", difference.kind().code(), window(difference), difference.detail()));
        }
        verified.differences().forEach((kind, count) -> text.append(String.format("%s: %d%n", kind.code(), count)));
        text.append(String.format(
                "%s %d windows of %d events, %d incidents, %d hours and days",
                verified.same() ? "no difference in" : "compared",
                verified.windows(),
                verified.events(),
                verified.incidents(),
                verified.rollups()));
        if (verified.notCopied() > 0) {
            text.append(String.format("; %d events are not copied yet", verified.notCopied()));
        }
        return text.toString();
    }

    private static String window(Difference difference) {
        var series = difference.series();
        Long startMs = difference.startMs();
        return series == null || startMs == null
                ? ""
                : Instant.ofEpochMilli(startMs) + "  " + series.source() + "  " + series.target() + "  ";
    }

    static String json(Verified verified, ExitCode outcome) {
        return Json.object(json -> {
            json.writeStringField("outcome", outcome.name().toLowerCase(Locale.ROOT));
            json.writeStringField(
                    "from", Instant.ofEpochMilli(verified.span().fromMs()).toString());
            json.writeStringField(
                    "to", Instant.ofEpochMilli(verified.span().toMs()).toString());
            json.writeNumberField("windows", verified.windows());
            json.writeNumberField("events", verified.events());
            json.writeNumberField("incidents", verified.incidents());
            json.writeNumberField("rollups", verified.rollups());
            json.writeNumberField("overviews", verified.overviews());
            json.writeNumberField("not_copied", verified.notCopied());
            json.writeObjectFieldStart("differences");
            for (var count : verified.differences().entrySet()) {
                json.writeNumberField(count.getKey().code(), count.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("first");
            for (Difference difference : verified.first()) {
                write(difference, json);
            }
            json.writeEndArray();
        });
    }

    private static void write(Difference difference, JsonGenerator json) throws IOException {
        var series = difference.series();
        Long startMs = difference.startMs();
        json.writeStartObject();
        json.writeStringField("kind", difference.kind().code());
        if (series != null && startMs != null) {
            json.writeStringField("tenant", series.tenant());
            json.writeStringField("signal", series.kind());
            json.writeStringField("source", series.source());
            json.writeStringField("target", series.target());
            json.writeStringField("window_start", Instant.ofEpochMilli(startMs).toString());
        }
        json.writeStringField("detail", difference.detail());
        json.writeEndObject();
    }
}

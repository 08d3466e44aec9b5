package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sonde.core.Kind;
import io.sonde.core.Minute;
import io.sonde.edge.Json;
import io.sonde.problems.Problem;
import io.sonde.query.Presence.Heard;
import io.sonde.query.Subscription.Channel;
import io.sonde.views.ClosedMinute;
import io.sonde.views.IncidentRow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the stream says; docs/api.md shows it. */
final class StreamJson {
    /** Of these messages: a higher one is not understood by who understands this one. */
    private static final int PROTOCOL = 1;

    private final Kind kind;
    private final WindowJson windows;
    private final DiagnosisJson incidents;
    private final ProblemJson problems;

    StreamJson(Kind kind) {
        this.kind = kind;
        this.windows = new WindowJson(kind);
        this.incidents = new DiagnosisJson(kind);
        this.problems = new ProblemJson(kind);
    }

    static String hello(String node, long nowMs) {
        return Json.object(json -> {
            json.writeObjectFieldStart("hello");
            json.writeNumberField("protocol", PROTOCOL);
            json.writeStringField("node", node);
            time("time", nowMs, json);
            json.writeEndObject();
        });
    }

    static String heartbeat(long nowMs) {
        return Json.object(json -> time("heartbeat", nowMs, json));
    }

    static String skipped(long messages) {
        return Json.object(json -> json.writeNumberField("skipped", messages));
    }

    static String subscribed(Subscription subscription, Duration silentAfter) {
        return Json.object(json -> {
            json.writeObjectFieldStart("subscribed");
            json.writeStringField("id", subscription.id());
            json.writeStringField("channel", subscription.channel().code());
            if (subscription.channel() == Channel.CLIENTS) {
                json.writeNumberField("silent_after_s", silentAfter.toSeconds());
            }
            json.writeEndObject();
        });
    }

    static String unsubscribed(String id) {
        return Json.object(json -> {
            json.writeObjectFieldStart("unsubscribed");
            json.writeStringField("id", id);
            json.writeEndObject();
        });
    }

    static String error(io.sonde.edge.Problem problem) {
        return Json.object(json -> {
            json.writeObjectFieldStart("error");
            json.writeStringField("type", "/problems/" + problem.slug());
            json.writeStringField("title", problem.title());
            json.writeStringField("detail", problem.detail());
            json.writeEndObject();
        });
    }

    /** What a subscription gets. */
    static String items(Subscription of, List<String> objects) {
        int length = objects.stream().mapToInt(String::length).sum();
        StringBuilder message = new StringBuilder(
                        length + objects.size() + of.id().length() + 64)
                .append("{\"id\":\"")
                .append(JsonStringEncoder.getInstance().quoteAsString(of.id()))
                .append("\",\"")
                .append(of.channel().code())
                .append("\":[");
        for (int i = 0; i < objects.size(); i++) {
            message.append(i == 0 ? "" : ",").append(objects.get(i));
        }
        return message.append("]}").toString();
    }

    String window(String source, ClosedMinute.Window window) {
        return Json.object(json -> windows.brief(source, window, json));
    }

    String incident(IncidentRow incident) {
        return Json.object(json -> incidents.told(incident, json));
    }

    String problem(Problem problem) {
        return Json.object(json -> problems.told(problem, json));
    }

    String client(Heard heard) {
        return Json.object(json -> {
            json.writeStringField(kind.sourceField(), heard.source());
            time("last_window_ts", heard.lastMs(), json);
            if (heard.isSilent()) {
                time("silent_since", Minute.endOf(heard.lastMs()), json);
            } else {
                json.writeNullField("silent_since");
            }
        });
    }

    private static void time(String name, long epochMs, JsonGenerator json) throws IOException {
        json.writeStringField(name, Instant.ofEpochMilli(epochMs).toString());
    }
}

package io.sonde.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Notification;
import io.sonde.core.Notification.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The body of Prometheus Alertmanager's webhook, version 4 (prometheus.io/docs/alerting/latest/configuration,
 * webhook_config): a problem is a group, and each of its incidents an alert.
 */
final class AlertmanagerFormat {
    private static final String VERSION = "4";
    /** The zero of Go's time, which stands for an end that is not known. */
    private static final String NOT_YET = "0001-01-01T00:00:00Z";

    private static final int MOST_ALERTS = 500;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final String receiver;
    private final Links links;

    /** @param receiver the name of the channel */
    AlertmanagerFormat(String receiver, Links links) {
        this.receiver = receiver;
        this.links = links;
    }

    /** An alert's words: what it is by, and what is said of it. */
    private record Alert(
            Member member, boolean resolved, SortedMap<String, String> labels, SortedMap<String, String> annotations) {}

    String body(Notification notification) {
        List<Alert> all = notification.members().stream()
                .map(member -> alert(notification, member))
                .toList();
        List<Alert> alerts = all.subList(0, Math.min(MOST_ALERTS, all.size()));
        return JsonText.object(json -> {
            json.writeStringField("receiver", receiver);
            json.writeStringField("status", status(notification.resolved()));
            json.writeArrayFieldStart("alerts");
            for (Alert alert : alerts) {
                write(json, alert, notification.endedMs());
            }
            json.writeEndArray();
            write(json, "groupLabels", Map.of("problem", notification.problem()));
            write(
                    json,
                    "commonLabels",
                    common(alerts.stream().map(Alert::labels).toList()));
            write(
                    json,
                    "commonAnnotations",
                    common(alerts.stream().map(Alert::annotations).toList()));
            json.writeStringField("externalURL", links.externalUrl());
            json.writeStringField("version", VERSION);
            json.writeStringField("groupKey", "{}:{problem=" + quoted(notification.problem()) + "}");
            json.writeNumberField("truncatedAlerts", all.size() - alerts.size());
        });
    }

    /** Labels are what stays the same as long as the incident lasts: the fingerprint is made of them. */
    private static Alert alert(Notification notification, Member member) {
        SortedMap<String, String> labels = new TreeMap<>(Map.of(
                "alertname", member.label(),
                "incident", member.incident(),
                "kind", notification.kind(),
                "problem", notification.problem(),
                "source", member.source(),
                "target", member.target(),
                "tenant", notification.tenant()));
        SortedMap<String, String> annotations = new TreeMap<>(Map.of(
                "summary",
                Wording.title(notification),
                "description",
                member.evidence().stream().map(Wording::evidence).collect(Collectors.joining("\n")),
                "scope",
                notification.scope().name().toLowerCase(Locale.ROOT),
                "severity",
                Double.toString(member.severity())));
        return new Alert(member, notification.resolved() || member.endedMs() != null, labels, annotations);
    }

    private void write(JsonGenerator json, Alert alert, @Nullable Long problemEndedMs) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", status(alert.resolved));
        write(json, "labels", alert.labels);
        write(json, "annotations", alert.annotations);
        json.writeStringField("startsAt", time(alert.member.onsetMs()));
        json.writeStringField("endsAt", alert.resolved ? time(end(alert.member, problemEndedMs)) : NOT_YET);
        json.writeStringField("generatorURL", links.toIncident(alert.member.incident()));
        json.writeStringField("fingerprint", fingerprint(alert.labels));
        json.writeEndObject();
    }

    private static long end(Member member, @Nullable Long problemEndedMs) {
        Long ended = member.endedMs();
        if (ended != null) {
            return ended;
        }
        return problemEndedMs == null ? member.onsetMs() : problemEndedMs;
    }

    private static void write(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    /** What all of them say alike. */
    private static SortedMap<String, String> common(List<SortedMap<String, String>> all) {
        SortedMap<String, String> common = new TreeMap<>(all.isEmpty() ? Map.of() : all.get(0));
        all.forEach(one -> common.entrySet().retainAll(one.entrySet()));
        return common;
    }

    /** As github.com/prometheus/common has it: FNV-1a of 64 bits over names and values, each followed by 0xff. */
    static String fingerprint(SortedMap<String, String> labels) {
        List<String> parts = new ArrayList<>();
        labels.forEach((name, value) -> {
            parts.add(name);
            parts.add(value);
        });
        long hash = FNV_OFFSET;
        for (String part : parts) {
            for (byte one : part.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (one & 0xff)) * FNV_PRIME;
            }
            hash = (hash ^ 0xff) * FNV_PRIME;
        }
        return String.format("%016x", hash);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String status(boolean resolved) {
        return resolved ? "resolved" : "firing";
    }

    private static String time(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString();
    }
}

package io.sonde.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Channel;
import io.sonde.core.Notification;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Triggers and resolves an alert through the Events API v2 of PagerDuty (developer.pagerduty.com, “Events API v2”). The problem
 * is its {@code dedup_key}: a repetition is one alert.
 */
final class PagerDutyChannel implements Channel {
    private static final int MOST_OF_SUMMARY = 1_024;
    private static final int MOST_OF_KEY = 255;

    private final ChannelSettings.PagerDuty settings;
    private final Links links;
    private final HttpSender sender;

    PagerDutyChannel(ChannelSettings.PagerDuty settings, Links links, HttpSender sender) {
        this.settings = settings;
        this.links = links;
        this.sender = sender;
    }

    @Override
    public CompletionStage<String> send(Notification notification) {
        return sender.post(settings.url(), body(notification), Map.of(), settings.routingKey()::hideIn);
    }

    private String body(Notification notification) {
        return JsonText.object(json -> {
            json.writeStringField("routing_key", settings.routingKey().value());
            json.writeStringField("event_action", notification.resolved() ? "resolve" : "trigger");
            json.writeStringField("dedup_key", Wording.shortened(notification.problem(), MOST_OF_KEY));
            if (!notification.resolved()) {
                json.writeStringField("client", "Sonde");
                String link = links.toProblem(notification.problem());
                if (!link.isEmpty()) {
                    json.writeStringField("client_url", link);
                }
                payload(json, notification);
            }
        });
    }

    private void payload(JsonGenerator json, Notification notification) throws IOException {
        json.writeObjectFieldStart("payload");
        json.writeStringField("summary", Wording.shortened(Wording.title(notification), MOST_OF_SUMMARY));
        json.writeStringField("source", Wording.shortened(affected(notification), MOST_OF_SUMMARY));
        json.writeStringField("severity", settings.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField(
                "timestamp", Instant.ofEpochMilli(notification.startedMs()).toString());
        json.writeStringField("group", notification.tenant());
        json.writeStringField("class", notification.label());
        json.writeObjectFieldStart("custom_details");
        json.writeStringField("kind", notification.kind());
        json.writeStringField("scope", notification.scope().name().toLowerCase(Locale.ROOT));
        json.writeStringField("incidents", String.join("\n", Wording.lines(notification)));
        json.writeEndObject();
        json.writeEndObject();
    }

    /** PagerDuty's “source”: the system that suffers. */
    private static String affected(Notification notification) {
        String target = notification.target();
        String source = notification.source();
        if (target != null && (notification.scope() != Notification.Scope.SOURCE || source == null)) {
            return Wording.inOneLine(target);
        }
        return source == null ? "several" : Wording.inOneLine(source);
    }
}

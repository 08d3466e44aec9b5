package io.sonde.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Channel;
import io.sonde.core.Notification;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Posts to an incoming webhook of Slack (docs.slack.dev, “Sending messages using incoming webhooks”), whose address is its
 * only secret. Slack knows no repetition: a message whose answer was lost comes twice.
 */
final class SlackChannel implements Channel {
    /** A section's text may have 3,000 characters, those of escapes counted (docs.slack.dev, section block). */
    private static final int MOST = 2_500;

    private static final int MOST_OF_TITLE = 500;

    private final Address receiver;
    private final Links links;
    private final HttpSender sender;

    SlackChannel(Address receiver, Links links, HttpSender sender) {
        this.receiver = receiver;
        this.links = links;
        this.sender = sender;
    }

    @Override
    public CompletionStage<String> send(Notification notification) {
        return sender.post(receiver, body(notification), Map.of(), answer -> answer);
    }

    private String body(Notification notification) {
        String title = shortened(Wording.title(notification), MOST_OF_TITLE);
        String link = links.toProblem(notification.problem());
        String sign = notification.resolved() ? ":large_green_circle: " : ":red_circle: ";
        return JsonText.object(json -> {
            json.writeStringField("text", title);
            json.writeArrayFieldStart("blocks");
            section(json, sign + (link.isEmpty() ? title : "<" + link + "|" + title.replace('|', '¦') + ">"));
            List<String> lines = Wording.lines(notification);
            if (!lines.isEmpty()) {
                String text = String.join("\n", lines).replace('`', '\'');
                section(json, "```" + shortened(text, MOST) + "```");
            }
            section(json, shortened(Wording.facts(notification), MOST_OF_TITLE));
            json.writeEndArray();
        });
    }

    private static void section(JsonGenerator json, String text) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "section");
        json.writeObjectFieldStart("text");
        json.writeStringField("type", "mrkdwn");
        json.writeStringField("text", text);
        // Names and addresses in it are no links and no mentions.
        json.writeBooleanField("verbatim", true);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Escaped, and short enough with its escapes; none is cut in two. */
    private static String shortened(String text, int most) {
        var escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            String next = escaped(text.codePointAt(i));
            if (escaped.length() + next.length() >= most) {
                return escaped.append('…').toString();
            }
            escaped.append(next);
        }
        return escaped.toString();
    }

    private static String escaped(int character) {
        return switch (character) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> Character.toString(character);
        };
    }
}

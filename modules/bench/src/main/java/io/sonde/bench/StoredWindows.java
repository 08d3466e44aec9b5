package io.sonde.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Minute;
import io.sonde.qoe.QoeKind;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What {@code /api/v1/windows} holds of our clients. */
final class StoredWindows {
    private static final int PAGE = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI node;
    private final String token;
    private final String ours;

    /** @param ours how the names of our clients begin */
    StoredWindows(URI node, String token, String ours) {
        this.node = node;
        this.token = token;
        this.ours = ours;
    }

    /** @param starts of the windows that are looked for */
    WindowCounts read(Iterable<Long> starts) throws IOException, InterruptedException {
        WindowCounts stored = new WindowCounts();
        for (long start : starts) {
            String minute = "resolution=1m&from=" + start + "&to=" + (start + Minute.LENGTH_MS) + "&limit=" + PAGE;
            String cursor = "";
            do {
                JsonNode page = page(minute + cursor);
                page.path("windows").forEach(window -> put(window, stored));
                String next = page.path("next").asText("");
                cursor = next.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
            } while (!cursor.isEmpty());
        }
        return stored;
    }

    private JsonNode page(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(node.resolve("/api/v1/windows?" + query))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "asked for the stored windows the node answers " + answer.statusCode() + " " + answer.body());
        }
        return json.readTree(answer.body());
    }

    private void put(JsonNode window, WindowCounts to) {
        String client = window.path("client_id").asText();
        if (client.startsWith(ours)) {
            long start = Instant.parse(window.path("window_start_ts").asText()).toEpochMilli();
            List<Long> errors = QoeKind.KIND.errorStages().stream()
                    .map(stage -> window.path(stage.toLowerCase(Locale.ROOT) + "_error_count")
                            .asLong())
                    .toList();
            to.put(
                    new WindowCounts.Window(client, window.path("target").asText(), start),
                    window.path("count_total").asLong(),
                    errors);
        }
    }
}

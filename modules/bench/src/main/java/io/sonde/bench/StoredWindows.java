package io.sonde.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.core.Minute;
import io.sonde.qoe.QoeKind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What {@code /api/v1/windows} holds of our clients. */
final class StoredWindows {
    private static final int PAGE = 1_000;

    private final Api node;
    private final String ours;

    /** @param ours how the names of our clients begin */
    StoredWindows(Api node, String ours) {
        this.node = node;
        this.ours = ours;
    }

    /** @param starts of the windows that are looked for */
    WindowCounts read(Iterable<Long> starts) throws IOException, InterruptedException {
        WindowCounts stored = new WindowCounts();
        for (long start : starts) {
            String minute = "resolution=1m&from=" + start + "&to=" + (start + Minute.LENGTH_MS) + "&limit=" + PAGE;
            String cursor = "";
            do {
                JsonNode page = node.get("/api/v1/windows?" + minute + cursor);
                page.path("windows").forEach(window -> put(window, stored));
                String next = page.path("next").asText("");
                cursor = next.isEmpty() ? "" : "&cursor=" + Api.escaped(next);
            } while (!cursor.isEmpty());
        }
        return stored;
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

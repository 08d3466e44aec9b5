package io.sonde.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.core.Minute;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/** Sends an event of a source of its own and asks for its open window until the event is counted there. */
final class LiveLook implements Looking.Look {
    private static final int SOURCES = 50;
    private static final String TARGET = "https://live.example.org/";
    private static final long LIMIT_NANOS = 30_000_000_000L;

    private final Api node;
    private final Dialect dialect;
    private final String prefix;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<WindowCounts.Window, Long> counted = new HashMap<>();
    private int next;

    LiveLook(Api node, Dialect dialect, String prefix) {
        this.node = node;
        this.dialect = dialect;
        this.prefix = prefix;
    }

    @Override
    public void into(Histogram micros) throws IOException, InterruptedException {
        String client = prefix + next++ % SOURCES;
        long nowMs = System.currentTimeMillis();
        WindowCounts.Window window = new WindowCounts.Window(client, TARGET, Minute.startOf(nowMs));
        long count = counted.merge(window, 1L, Long::sum);
        long start = System.nanoTime();
        int status = node.post("/api/v1/events", event(client, nowMs));
        if (status != 202) {
            throw new IOException("an event is answered " + status);
        }
        while (shown(window) < count) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new IOException("an event of " + window + " is not counted");
            }
        }
        micros.recordValue((System.nanoTime() - start) / 1_000);
    }

    private long shown(WindowCounts.Window window) throws IOException, InterruptedException {
        JsonNode live = node.get("/api/v1/live?client_id=" + window.client() + "&target=" + Api.escaped(TARGET));
        for (JsonNode one : live.path("windows")) {
            if (one.path("window_start_ts")
                    .asText()
                    .equals(java.time.Instant.ofEpochMilli(window.startMs()).toString())) {
                return one.path("count_total").asLong();
            }
        }
        return 0;
    }

    private String event(String client, long nowMs) {
        StringBuilder event = new StringBuilder();
        Dialect.Places places = dialect.append(MadeUpEvent.of(client, TARGET, 0, random), event);
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        event.replace(places.idAt(), places.idAt() + id.length(), id);
        event.replace(places.timeAt(), places.timeAt() + 13, Long.toString(nowMs));
        return event.toString();
    }
}

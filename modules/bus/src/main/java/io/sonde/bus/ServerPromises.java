package io.sonde.bus;

import io.nats.client.api.ServerInfo;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this NATS server does not promise and a deployment should know of, said at the start. */
final class ServerPromises {
    private static final Logger LOG = LoggerFactory.getLogger(ServerPromises.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String FIRST_WITH_SYNC_ALWAYS = "2.10.0";
    private static final String FIRST_LINE_WITH_EVERY_FIX = "2.11.0";
    private static final String TAKE = "take 2.11.16, 2.12.7 or newer";
    /** The largest request of the edge is 1 MiB of JSON, and a batch is smaller than the JSON it was made of. */
    private static final long LARGEST_BATCH = 1 << 20;

    /**
     * The first of each line of releases without CVE-2023-47090, CVE-2025-30215 and CVE-2026-58253; 2.10 never got the fix of the
     * last.
     */
    private static final List<Line> LINES = List.of(
            new Line("2.10.0", "2.10.27"),
            new Line("2.11.0", "2.11.16"),
            new Line("2.12.0", "2.12.7"),
            new Line("2.13.0", "2.14.0"));

    private record Line(String from, String firstWithout) {}

    private ServerPromises() {}

    static void warn(ServerInfo server, String monitorUrl) throws InterruptedException {
        for (String lack : lacks(server, monitorUrl)) {
            LOG.warn("nats-server {} {}", server.getVersion(), lack);
        }
    }

    static List<String> lacks(ServerInfo server, String monitorUrl) throws InterruptedException {
        List<String> lacks = new ArrayList<>();
        if (hasKnownHoles(server)) {
            lacks.add("has known holes (CVE-2025-30215 and others, see SECURITY.md): " + TAKE + ", keep it on a private"
                    + " network and give it users");
        } else if (server.isOlderThanVersion(FIRST_LINE_WITH_EVERY_FIX)) {
            lacks.add("never got the fix of CVE-2026-58253, which matters with cluster routes and no_auth_user: " + TAKE
                    + ", or use neither");
        }
        if (server.getMaxPayload() < LARGEST_BATCH) {
            lacks.add("takes messages of " + server.getMaxPayload()
                    + " bytes only; large requests will be answered 503: set max_payload: 1MB or more");
        }
        if (server.isOlderThanVersion(FIRST_WITH_SYNC_ALWAYS)) {
            lacks.add(
                    "knows no sync_interval: always; a power cut may take with it what it acknowledged in the last two"
                            + " minutes");
        } else {
            String sync = monitorUrl.isEmpty()
                    ? "cannot be asked how often it syncs: sonde.nats.monitor-url is not set"
                    : sync(monitorUrl);
            if (!sync.isEmpty()) {
                lacks.add(sync + "; without sync_interval: always a power cut may take with it what it acknowledged");
            }
        }
        return lacks;
    }

    private static boolean hasKnownHoles(ServerInfo server) {
        Line line = LINES.get(0);
        for (Line next : LINES) {
            line = server.isSameOrNewerThanVersion(next.from) ? next : line;
        }
        return server.isOlderThanVersion(line.firstWithout);
    }

    /** Empty when it syncs before it acknowledges. */
    private static String sync(String monitorUrl) throws InterruptedException {
        try {
            JsonValue config = member(member(varz(monitorUrl), "jetstream"), "config");
            if (Boolean.TRUE.equals(member(config, "sync_always").bool)) {
                return "";
            }
            long ns = number(member(config, "sync_interval"));
            return ns < 0
                    ? "does not say at " + monitorUrl + "/varz how often it syncs"
                    : "syncs every " + Duration.ofNanos(ns).toSeconds() + " s only";
        } catch (IOException e) {
            return "cannot be asked how often it syncs: " + monitorUrl + " says " + e.getMessage();
        }
    }

    /** What the server tells of itself. */
    static JsonValue varz(String monitorUrl) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create(monitorUrl).resolve("/varz"))
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JsonParser.parse(answer.body());
    }

    /** -1 for what is none. */
    static long number(JsonValue value) {
        Long large = value.l;
        Integer small = value.i;
        return large != null ? large : small == null ? -1 : small;
    }

    static JsonValue member(JsonValue of, String name) {
        Map<String, JsonValue> members = of.map;
        JsonValue member = members == null ? null : members.get(name);
        return member == null ? JsonValue.NULL : member;
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What people ask of a load's series. */
final class Questions {
    private static final String WORST = "/api/v1/worst";

    private final Load load;
    private final SplittableRandom random = new SplittableRandom();

    Questions(Load load) {
        this.load = load;
    }

    /** The last hour of any one series, minute by minute. */
    String hour() {
        return windows("1m", Duration.ofHours(1), series());
    }

    /** The twenty worst of all by p95 of the last quarter of an hour; asked where a node knows it. */
    String worst() {
        return WORST + "?measure=ttfb&limit=20" + since(Duration.ofMinutes(15));
    }

    /** One of each kind, the widest that is allowed, by what it asks for. */
    Map<String, Supplier<String>> all(int days) {
        Duration everything = Duration.ofDays(days);
        Map<String, Supplier<String>> all = new LinkedHashMap<>();
        all.put("last hour of a series", this::hour);
        all.put("minutes of a series, all days", () -> windows("1m", everything, series()));
        all.put("hours of a series, all days", () -> windows("1h", everything, series()));
        all.put("days of a series", () -> windows("1d", everything, series()));
        all.put("hours of a client's ten series, all days", () -> windows("1h", everything, client()));
        all.put("hours of a target of all clients, a day", () -> windows("1h", Duration.ofDays(1), target()));
        all.put("minutes of everything, all days", () -> windows("1m", everything, ""));
        all.put("days of everything", () -> windows("1d", everything, ""));
        for (int hours : new int[] {1, 24, 7 * 24, 30 * 24}) {
            String name = "overview of " + (hours < 48 ? hours + " h" : hours / 24 + " d");
            all.put(
                    name,
                    () -> "/api/v1/overview?" + since(Duration.ofHours(hours)).substring(1));
        }
        all.put("20 worst of 15 minutes", this::worst);
        all.put("20 worst of an hour", () -> WORST + "?measure=total&limit=20" + since(Duration.ofHours(1)));
        all.put("live windows of a series", () -> "/api/v1/live?" + series().substring(1));
        all.put("series of a client", () -> "/api/v1/series?limit=1000" + client());
        all.put("series", () -> "/api/v1/series?limit=1000");
        all.put("clients by a part of their name", () -> "/api/v1/clients?contains=19&limit=1000");
        all.put("targets", () -> "/api/v1/targets?limit=1000");
        all.put("diagnoses of a client", () -> "/api/v1/diagnoses?limit=1000" + client());
        all.put("diagnoses", () -> "/api/v1/diagnoses?limit=1000");
        all.put("incidents", () -> "/api/v1/incidents?limit=1000");
        all.put("problems", () -> "/api/v1/problems?limit=1000");
        return all;
    }

    private static String windows(String resolution, Duration last, String of) {
        return "/api/v1/windows?resolution=" + resolution + "&limit=1000" + of + since(last);
    }

    private String series() {
        return client() + target();
    }

    private String client() {
        return "&client_id=" + load.prefix() + random.nextInt(load.shape().clients());
    }

    private String target() {
        return "&target="
                + Api.escaped(load.shape().target(random.nextInt(load.shape().targets())));
    }

    private static String since(Duration last) {
        long now = System.currentTimeMillis();
        return "&from=" + (now - last.toMillis()) + "&to=" + now;
    }

    static boolean knowsWorst(Api node) throws IOException, InterruptedException {
        return node.get("/api/openapi.json").path("paths").has(WORST);
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

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
        long now = System.currentTimeMillis();
        return "/api/v1/windows?resolution=1m&limit=100&client_id="
                + load.prefix() + random.nextInt(load.shape().clients()) + "&target="
                + Api.escaped(load.shape().target(random.nextInt(load.shape().targets()))) + "&from="
                + (now - TimeUnit.HOURS.toMillis(1)) + "&to=" + now;
    }

    /** The twenty worst of all by p95 of the last quarter of an hour; asked where a node knows it. */
    String worst() {
        long now = System.currentTimeMillis();
        return WORST + "?measure=ttfb&limit=20&from=" + (now - TimeUnit.MINUTES.toMillis(15)) + "&to=" + now;
    }

    static boolean knowsWorst(Api node) throws IOException, InterruptedException {
        return node.get("/api/openapi.json").path("paths").has(WORST);
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code run} and {@code load} are told of the load. */
final class LoadOptions {
    @Option(names = "--clients", defaultValue = "2000", description = "Sources (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--targets", defaultValue = "10", description = "Targets of each (default: ${DEFAULT-VALUE}).")
    private int targets;

    @Option(names = "--batch", defaultValue = "10", description = "Events in a request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--duplicates",
            defaultValue = "5",
            description = "Of a hundred events, how many are sent again (default: ${DEFAULT-VALUE}).")
    private int duplicates;

    @Option(
            names = "--errors",
            defaultValue = "1",
            description = "Of a hundred events, how many failed (default: ${DEFAULT-VALUE}).")
    private int errors;

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "Each with at most one request on its way (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--gzip", description = "Compress bodies.")
    private boolean gzip;

    @Option(
            names = "--age",
            defaultValue = "0",
            description =
                    "Seconds since events happened (default: ${DEFAULT-VALUE}); with 60 their windows close at once.")
    private int age;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Events/s, whatever becomes of them; 0: as fast as they are acknowledged (default).")
    private double rate;

    @Option(
            names = "--warmup",
            defaultValue = "60",
            description =
                    "Seconds of load at maximum that are checked and not measured (default: ${DEFAULT-VALUE}). In its first"
                            + " minute on two cores a JVM compiles more than it works.")
    private int warmup;

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "Of which the median counts (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "Of each run (default: ${DEFAULT-VALUE}, so that each has one minute's end).")
    private int seconds;

    @Option(
            names = "--patience",
            defaultValue = "60",
            description =
                    "Seconds after the end of the last window until all of them must be stored (default: ${DEFAULT-VALUE}).")
    private int patience;

    LoadShape shape() {
        return new LoadShape(clients, targets, batch, duplicates, errors, connections, gzip, 1_000 * age);
    }

    Pace pace() {
        return rate == 0 ? Pace.CLOSED : Pace.open(rate / batch);
    }

    String paceText() {
        return rate == 0 ? "closed loop" : rate + " events/s, open loop";
    }

    /** Warms up, runs, and says what came of it. */
    List<Load.Phase> run(Load load) throws IOException, InterruptedException {
        if (warmup < 0 || seconds < 1 || runs < 1) {
            throw new IllegalArgumentException("--warmup is to be 0 or more, --seconds and --runs 1 or more");
        }
        if (warmup > 0) {
            load.run(Pace.CLOSED, warmup);
        }
        List<Load.Phase> measured = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            measured.add(load.run(pace(), seconds));
        }
        return measured;
    }

    int patience() {
        return patience;
    }
}

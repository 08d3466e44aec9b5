package io.sonde.bench;

import picocli.CommandLine.Option;

/** What both commands are told of the load. */
final class LoadOptions {
    @Option(names = "--clients", defaultValue = "200", description = "Sources (default: ${DEFAULT-VALUE}).")
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
            defaultValue = "8",
            description = "Each with one request on its way at any time (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--warmup",
            defaultValue = "10",
            description = "Seconds of load that are checked and not measured (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(names = "--seconds", defaultValue = "20", description = "Seconds measured (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--patience",
            defaultValue = "60",
            description =
                    "Seconds after the end of the last window until all of them must be stored (default: ${DEFAULT-VALUE}).")
    private int patience;

    LoadShape shape() {
        return new LoadShape(clients, targets, batch, duplicates, errors, connections);
    }

    LoadRun.Lengths lengths() {
        return new LoadRun.Lengths(warmup, seconds, patience);
    }
}

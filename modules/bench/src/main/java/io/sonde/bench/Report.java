package io.sonde.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Several runs of a load, to read. */
final class Report {
    private final StringBuilder to = new StringBuilder();

    String text() {
        return to.toString();
    }

    Report machine(Machine machine) {
        return row("machine", machine.toString());
    }

    Report load(LoadShape shape, String pace) {
        row(
                "load",
                String.format(
                        Locale.ROOT,
                        "%d clients x %d targets, %d events a request, %d %% duplicates, %d %% errors",
                        shape.clients(),
                        shape.targets(),
                        shape.batch(),
                        shape.duplicates(),
                        shape.errors()));
        return row(
                "",
                shape.connections() + " connections, " + pace + (shape.gzip() ? ", gzip" : "")
                        + ", every event on time");
    }

    Report runs(List<Load.Phase> runs) {
        row("measured", runs.size() + " runs of " + runs.get(0).seconds() + " s: median (least–most)");
        row("events/s acknowledged", spread(runs, Load.Phase::eventsPerSecond));
        row("  of them new", spread(runs, run -> (double) run.tally().measuredNew() / run.seconds()));
        row("  in their windows", spread(runs, Load.Phase::recordedPerSecond));
        for (double percentile : List.of(50.0, 99.0, 99.9)) {
            row(
                    "ack latency p" + (percentile % 1 == 0 ? Integer.toString((int) percentile) : "99.9") + ", ms",
                    spread(runs, run -> run.tally().latencyMs(percentile)));
        }
        for (String process : runs.get(0).cpu().keySet()) {
            row("CPU-s per million, " + process, spread(runs, run -> run.cpuPerMillion(process)));
        }
        long retries = runs.stream().mapToLong(run -> run.tally().retries()).sum();
        return retries == 0 ? this : row("requests sent again", Long.toString(retries));
    }

    Report memory(List<ProcessCost> processes) {
        for (ProcessCost process : processes) {
            process.peakMebibytes().ifPresent(mib -> row("peak memory, " + process.name(), mib + " MiB"));
        }
        return this;
    }

    Report check(Checked checked) {
        return row("check", checked.text().lines().collect(Collectors.joining("\n" + " ".repeat(32))));
    }

    Report row(String name, String value) {
        to.append(String.format(Locale.ROOT, "%-31s %s%n", name, value));
        return this;
    }

    /** By process, and how long an answer took. */
    static String cost(List<Load.Phase> runs) {
        String cpu = runs.get(0).cpu().keySet().stream()
                .map(process -> process + " " + spread(runs, run -> run.cpuPerMillion(process)))
                .collect(Collectors.joining(", "));
        return "CPU-s per million " + cpu + "; ack p50 "
                + spread(runs, run -> run.tally().latencyMs(50)) + " ms, p99 "
                + spread(runs, run -> run.tally().latencyMs(99)) + " ms.";
    }

    private static String spread(List<Load.Phase> runs, ToDoubleFunction<Load.Phase> figure) {
        return new Spread(runs.stream().map(figure::applyAsDouble).toList()).toString();
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** The same events and questions on VictoriaMetrics, for what it can be asked. */
record PeerRows(Path program, Path folder, Plan plan) {
    private static final int BATCH = 10;

    /** @param isAsked by the name of a row */
    Map<Bar, Spread> measure(Predicate<String> isAsked) throws IOException, InterruptedException {
        Map<Bar, Spread> figures = new EnumMap<>(Bar.class);
        try (VictoriaMetrics on = VictoriaMetrics.start(program, folder)) {
            if (isAsked.test(Bar.DIRECT_10.row()) || isAsked.test(Bar.JETSTREAM_10.row())) {
                List<Load.Phase> runs = maximum(on, BATCH);
                Spread rate = Plan.spread(runs, Load.Phase::recordedPerSecond);
                Spread cpu = Plan.spread(runs, Load.Phase::cpuPerMillion);
                figures.putAll(Map.of(Bar.DIRECT_10, rate, Bar.JETSTREAM_10, rate));
                figures.putAll(Map.of(Bar.DIRECT_10_CPU, cpu, Bar.JETSTREAM_10_CPU, cpu));
            }
            if (isAsked.test(Bar.DIRECT_1.row())) {
                figures.put(Bar.DIRECT_1, Plan.spread(maximum(on, 1), Load.Phase::recordedPerSecond));
            }
            if (isAsked.test(Bar.ACK.row())) {
                acks(plan.runs(new Load(on, plan.shape(AckRow.BATCH)), AckRow.PACE), figures);
            }
        }
        if (isAsked.test(Bar.LIVE.row()) || isAsked.test(Bar.MEMORY.row())) {
            try (VictoriaMetrics on = VictoriaMetrics.start(program, folder)) {
                quiet(on, figures);
            }
        }
        return figures;
    }

    private List<Load.Phase> maximum(VictoriaMetrics on, int batch) throws IOException, InterruptedException {
        return plan.runs(new Load(on, plan.shape(batch)), Pace.CLOSED);
    }

    private static void acks(List<Load.Phase> runs, Map<Bar, Spread> figures) {
        figures.put(Bar.ACK_50, Plan.spread(runs, run -> run.tally().latencyMs(50)));
        figures.put(Bar.ACK, Plan.spread(runs, run -> run.tally().latencyMs(99)));
        figures.put(Bar.ACK_999, Plan.spread(runs, run -> run.tally().latencyMs(99.9)));
    }

    /** Memory and disk at 20,000 events/s, and questions in the middle of that. */
    private void quiet(VictoriaMetrics on, Map<Bar, Spread> figures) throws IOException, InterruptedException {
        Load load = new Load(on, plan.shape(MemoryRow.BATCH));
        load.run(MemoryRow.PACE, (MemoryRow.RUNS - 1) * plan.seconds());
        try (Looking hour = Looking.at(new QueryLook(on.api(), () -> hour(load)), 200);
                Looking worst = Looking.at(new QueryLook(on.api(), PeerRows::worst), 2_000)) {
            load.run(MemoryRow.PACE, plan.seconds());
            figures.put(Bar.QUERY_HOUR, p95(hour.end()));
            figures.put(Bar.QUERY_WORST, p95(worst.end()));
        }
        double peak = on.processes().get(0).peakMebibytes().orElse(0L);
        figures.put(Bar.MEMORY, Spread.of(peak));
        figures.put(Bar.DISK_REST, Spread.of((double) on.bytesOnDisk() / load.events()));
    }

    private static Spread p95(Histogram micros) {
        return Spread.of(micros.getValueAtPercentile(95) / 1e3);
    }

    private static String hour(Load load) {
        long now = System.currentTimeMillis() / 1_000;
        return "/api/v1/query_range?step=60&start=" + (now - TimeUnit.HOURS.toSeconds(1)) + "&end=" + now + "&query="
                + Api.escaped("quantile_over_time(0.95, qoe_ttfb_ms{client_id=\"" + load.prefix() + "1\",target=\""
                        + load.shape().target(1) + "\"}[1m])");
    }

    private static String worst() {
        return "/api/v1/query?query=" + Api.escaped("topk(20, quantile_over_time(0.95, qoe_ttfb_ms[15m]))");
    }
}

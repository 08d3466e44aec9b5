package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/** The same events and questions on VictoriaMetrics, for what it can be asked. */
record PeerRows(Path program, Path folder, Plan plan) {
    private static final int BATCH = 10;

    /** @param isAsked by the name of a row */
    Figures measure(Predicate<String> isAsked) throws IOException, InterruptedException {
        Figures figures = new Figures();
        try (VictoriaMetrics on = VictoriaMetrics.start(program, folder)) {
            if (isAsked.test(Bar.DIRECT_10.row()) || isAsked.test(Bar.JETSTREAM_10.row())) {
                List<Load.Phase> runs = maximum(on, BATCH);
                Spread rate = Plan.spread(runs, Load.Phase::recordedPerSecond);
                Spread cpu = Plan.spread(runs, Load.Phase::cpuPerMillion);
                put(figures, Bar.DIRECT_10, rate);
                put(figures, Bar.JETSTREAM_10, rate);
                put(figures, Bar.DIRECT_10_CPU, cpu);
                put(figures, Bar.JETSTREAM_10_CPU, cpu);
                figures.note("VictoriaMetrics, batch 10: " + Report.cost(runs));
            }
            if (isAsked.test(Bar.DIRECT_1.row())) {
                put(figures, Bar.DIRECT_1, Plan.spread(maximum(on, 1), Load.Phase::recordedPerSecond));
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

    private static void acks(List<Load.Phase> runs, Figures figures) {
        put(figures, Bar.ACK_50, Plan.spread(runs, run -> run.tally().latencyMs(50)));
        put(figures, Bar.ACK, Plan.spread(runs, run -> run.tally().latencyMs(99)));
        put(figures, Bar.ACK_999, Plan.spread(runs, run -> run.tally().latencyMs(99.9)));
    }

    /** Memory and disk at 20,000 events/s, and questions in the middle of that. */
    private void quiet(VictoriaMetrics on, Figures figures) throws IOException, InterruptedException {
        Load load = new Load(on, plan.shape(MemoryRow.BATCH));
        load.run(MemoryRow.PACE, (MemoryRow.RUNS - 1) * plan.seconds());
        try (Looking hour = Looking.at(new QueryLook(on.api(), () -> hour(load)), 200);
                Looking worst = Looking.at(new QueryLook(on.api(), PeerRows::worst), 2_000)) {
            load.run(MemoryRow.PACE, plan.seconds());
            put(figures, Bar.QUERY_HOUR, p95(hour.end()));
            put(figures, Bar.QUERY_WORST, p95(worst.end()));
        }
        double peak = on.processes().get(0).peakMebibytes().orElse(0L);
        put(figures, Bar.MEMORY, Spread.of(peak));
        put(figures, Bar.DISK_REST, Spread.of((double) on.bytesOnDisk() / load.events()));
    }

    private static void put(Figures figures, Bar bar, Spread spread) {
        figures.with(bar, spread, Measured.Truth.NOTHING_SENT);
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

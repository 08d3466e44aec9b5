package io.sonde.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** One run against a node: sends, measures, waits for the windows and compares them with what was acknowledged. */
final class LoadRun {
    private final URI node;
    private final String token;
    private final LoadShape shape;
    private final Lengths lengths;
    private final List<ProcessCost> processes;
    private final String ours = "bench-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    private final Map<String, Double> atStart = new LinkedHashMap<>();
    private final Map<String, Double> measured = new LinkedHashMap<>();

    /** In seconds; {@code patience} after the end of the last window is when all must be stored. */
    record Lengths(int warmup, int seconds, int patience) {
        Lengths {
            if (warmup < 0 || seconds < 1 || patience < 0) {
                throw new IllegalArgumentException(
                        "--warmup and --patience are to be 0 or more, and --seconds 1 or more");
            }
        }
    }

    /**
     * @param measuredCpu seconds by process, in the measured seconds
     * @param wholeCpu seconds by process, from the first request to the last window compared
     */
    record Outcome(
            LoadShape shape,
            Lengths lengths,
            Tally tally,
            StoredCheck.Result check,
            Map<String, Double> measuredCpu,
            Map<String, Double> wholeCpu,
            Map<String, Long> peakMebibytes) {
        boolean right() {
            return tally.wrongAnswers() == 0 && !tally.acknowledged.isEmpty() && check.right();
        }
    }

    LoadRun(URI node, String token, LoadShape shape, Lengths lengths, List<ProcessCost> processes) {
        this.node = node;
        this.token = token;
        this.shape = shape;
        this.lengths = lengths;
        this.processes = List.copyOf(processes);
    }

    Outcome run() throws IOException, InterruptedException, ExecutionException {
        List<List<RenderedRequest>> shares = shares();
        atStart.putAll(cpu());
        Tally tally = send(shares);
        StoredCheck check = new StoredCheck(new StoredWindows(node, token, ours), lengths.patience());
        StoredCheck.Result result = check.await(tally.acknowledged);
        Map<String, Long> peaks = new LinkedHashMap<>();
        processes.forEach(process -> process.peakMebibytes()
                .filter(any -> !process.tree())
                .ifPresent(mib -> peaks.put(process.name(), mib)));
        return new Outcome(shape, lengths, tally, result, measured, since(atStart), peaks);
    }

    /** Each client belongs to one connection, so its requests go one after another. */
    private List<List<RenderedRequest>> shares() {
        List<List<RenderedRequest>> shares = new ArrayList<>();
        for (int i = 0; i < shape.connections(); i++) {
            shares.add(new ArrayList<>());
        }
        String headers = "POST /api/v1/events HTTP/1.1\r\nHost: " + node.getAuthority() + "\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\n";
        SplittableRandom random = new SplittableRandom(1);
        for (int body = 0; body < shape.bodiesPerClient(); body++) {
            for (int client = 0; client < shape.clients(); client++) {
                shares.get(client % shape.connections())
                        .add(RenderedRequest.render(headers, ours + client, body, shape, random));
            }
        }
        return shares;
    }

    private Tally send(List<List<RenderedRequest>> shares)
            throws IOException, InterruptedException, ExecutionException {
        SplittableRandom random = new SplittableRandom();
        Sender.Timing timing = Sender.Timing.startingNow(lengths.warmup(), lengths.seconds());
        ExecutorService threads = Executors.newFixedThreadPool(shares.size());
        try {
            List<Future<Tally>> sent = new ArrayList<>();
            for (List<RenderedRequest> share : shares) {
                sent.add(threads.submit(new Sender(node, share, shape.duplicates(), random.split(), timing)));
            }
            sleepUntil(timing.measuredFrom());
            Map<String, Double> before = cpu();
            sleepUntil(timing.end());
            measured.putAll(since(before));
            Tally all = new Tally();
            for (Future<Tally> one : sent) {
                all.add(one.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private Map<String, Double> cpu() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        processes.forEach(process -> process.cpuSeconds().ifPresent(value -> seconds.put(process.name(), value)));
        return seconds;
    }

    private Map<String, Double> since(Map<String, Double> before) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        cpu().forEach((name, value) -> seconds.put(name, value - before.getOrDefault(name, 0.0)));
        return seconds;
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    }
}

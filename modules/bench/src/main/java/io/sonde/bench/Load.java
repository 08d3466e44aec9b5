package io.sonde.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Load of one shape on one deployment: one phase after another by the same clients, and the truth about all of them. */
final class Load {
    private final Deployment on;
    private final LoadShape shape;
    private final String prefix = "bench-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    private final Requests requests;
    private final List<ProcessCost> processes;
    private final List<String> complaints = new ArrayList<>();
    private long events;

    Load(Deployment on, LoadShape shape) {
        this.on = on;
        this.shape = shape;
        this.requests = Requests.render(on.dialect(), on.url(), prefix, shape);
        this.processes = new ArrayList<>(on.processes());
        processes.add(new ProcessCost("generator", ProcessHandle.current().pid(), false));
    }

    /**
     * What came of a while.
     *
     * @param cpu seconds by process
     */
    record Phase(int seconds, Tally tally, Map<String, Double> cpu) {
        double eventsPerSecond() {
            return (double) tally.measured() / seconds;
        }

        double cpuPerMillion(String process) {
            return cpu.getOrDefault(process, 0.0) * 1e6 / tally.measured();
        }

        /** Of everything that is measured. */
        double cpuPerMillion() {
            return cpu.keySet().stream()
                    .filter(process -> !process.equals("generator"))
                    .mapToDouble(this::cpuPerMillion)
                    .sum();
        }
    }

    /** How the names of our clients begin. */
    String prefix() {
        return prefix;
    }

    LoadShape shape() {
        return shape;
    }

    Phase run(Pace pace, int seconds) throws IOException, InterruptedException {
        return run(pace, seconds, 5);
    }

    /** @param giveUpSeconds how long what is not acknowledged is sent again */
    Phase run(Pace pace, int seconds, int giveUpSeconds) throws IOException, InterruptedException {
        Sender.Timing timing = Sender.Timing.startingNow(seconds, giveUpSeconds);
        Map<String, Double> before = cpu();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Tally> sent = thread.submit(new Sender(connections(), requests, on.dialect(), pace, timing));
            TimeUnit.NANOSECONDS.sleep(timing.end() - System.nanoTime());
            Map<String, Double> cpu = since(before);
            Tally tally = sent.get();
            events += tally.events();
            complaints.addAll(tally.complaints());
            return new Phase(seconds, tally, cpu);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            thread.shutdownNow();
        }
    }

    /** Events acknowledged in all phases. */
    long events() {
        return events;
    }

    /** What does not fit, of the answers. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Each of them has been acknowledged. */
    WindowCounts acknowledged() {
        return requests.acknowledged();
    }

    private List<InetSocketAddress> connections() {
        List<InetSocketAddress> connections = new ArrayList<>();
        for (int i = 0; i < shape.connections(); i++) {
            URI url = on.urls().get(i % on.urls().size());
            connections.add(new InetSocketAddress(url.getHost(), url.getPort()));
        }
        return connections;
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
}

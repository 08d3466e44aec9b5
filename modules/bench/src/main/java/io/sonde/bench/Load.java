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
    private static final int GIVE_UP_SECONDS = 5;

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
     * @param recorded see {@link Deployment#recorded}; of this phase
     * @param cpu seconds by process
     */
    record Phase(int seconds, Tally tally, long recorded, Map<String, Double> cpu) {
        double eventsPerSecond() {
            return (double) tally.measured() / seconds;
        }

        /** What was only taken and lies on the bus is not done. */
        double recordedPerSecond() {
            return recorded < 0 ? eventsPerSecond() : Math.min(eventsPerSecond(), (double) recorded / seconds);
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
        long recordedBefore = on.recorded();
        Map<String, Double> before = cpu();
        Sender.Timing timing = Sender.Timing.startingNow(seconds, GIVE_UP_SECONDS);
        Sending sending = new Sending(pace, timing);
        TimeUnit.NANOSECONDS.sleep(timing.end() - System.nanoTime());
        Map<String, Double> cpu = since(before);
        long recorded = on.recorded() - recordedBefore;
        return new Phase(seconds, sending.end(), recordedBefore < 0 ? -1 : recorded, cpu);
    }

    /** While the deployment is killed and started again: nothing is known of its processes. */
    Phase runThrough(Pace pace, int seconds, int giveUpSeconds) throws IOException, InterruptedException {
        return new Phase(
                seconds, new Sending(pace, Sender.Timing.startingNow(seconds, giveUpSeconds)).end(), -1, Map.of());
    }

    /** A sender on its way. */
    private final class Sending {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Future<Tally> sent;

        Sending(Pace pace, Sender.Timing timing) {
            sent = thread.submit(new Sender(connections(), requests, on.dialect(), pace, timing));
        }

        Tally end() throws IOException, InterruptedException {
            try {
                Tally tally = sent.get();
                events += tally.events();
                complaints.addAll(tally.complaints());
                return tally;
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } finally {
                thread.shutdownNow();
            }
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

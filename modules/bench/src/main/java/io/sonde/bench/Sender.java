package io.sonde.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Sends one connection's share in a closed loop: the next request when the one before is acknowledged. */
final class Sender implements Callable<Tally> {
    private static final int MOST_ATTEMPTS = 20;
    private static final long PAUSE_MS = 250;

    private final URI node;
    private final List<RenderedRequest> requests;
    private final int duplicates;
    private final SplittableRandom random;
    private final Timing timing;
    private final Tally tally = new Tally();
    private Optional<Connection> connection = Optional.empty();

    /** When it is measured and when it ends, at {@link System#nanoTime()}. */
    record Timing(long measuredFrom, long end) {
        static Timing startingNow(int warmupSeconds, int seconds) {
            long from = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmupSeconds);
            return new Timing(from, from + TimeUnit.SECONDS.toNanos(seconds));
        }
    }

    Sender(URI node, List<RenderedRequest> requests, int duplicates, SplittableRandom random, Timing timing) {
        this.node = node;
        this.requests = List.copyOf(requests);
        this.duplicates = duplicates;
        this.random = random;
        this.timing = timing;
    }

    @Override
    public Tally call() throws IOException, InterruptedException {
        try {
            boolean acknowledged = true;
            for (int i = 0; acknowledged && System.nanoTime() - timing.end() < 0; i++) {
                acknowledged = send(requests.get(i % requests.size()));
            }
            return tally;
        } finally {
            disconnect();
        }
    }

    /** False when it cannot be had to be acknowledged: what the node holds of it is not known then. */
    private boolean send(RenderedRequest request) throws IOException, InterruptedException {
        request.next(System.currentTimeMillis(), duplicates, random);
        long start = System.nanoTime();
        String last = "";
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            try {
                Connection.Answer answer = connect().send(request.bytes());
                if (answer.status() == 202) {
                    acknowledge(request, answer.body(), attempt, start);
                    return true;
                }
                last = answer.status() + " " + answer.body();
                if (answer.status() != 429 && answer.status() != 503) {
                    break;
                }
            } catch (IOException e) {
                last = e.toString();
                disconnect();
            }
            tally.retry();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        tally.complain("not acknowledged, so this connection stopped: " + last);
        return false;
    }

    private void acknowledge(RenderedRequest request, String body, int attempts, long start) throws IOException {
        long end = System.nanoTime();
        Acknowledgement said = Acknowledgement.parse(body);
        if (!said.fits(request.size(), request.repeated(), attempts)) {
            tally.complain(
                    "of " + request.size() + " events, " + request.repeated() + " sent before, the node says " + body);
        }
        tally.acknowledge(request);
        if (start - timing.measuredFrom() >= 0) {
            tally.latency(end - start);
        }
        if (end - timing.measuredFrom() >= 0 && end - timing.end() <= 0) {
            tally.measure(request);
        }
    }

    private Connection connect() throws IOException {
        if (connection.isEmpty()) {
            connection = Optional.of(Connection.open(node));
        }
        return connection.get();
    }

    private void disconnect() throws IOException {
        if (connection.isPresent()) {
            connection.get().close();
            connection = Optional.empty();
        }
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** One sender of a {@link LedgerLoad}: one request at a time. */
final class LedgerSender implements Callable<Long> {
    /** Of a hundred requests without an answer, how many are sent again; of a hundred answered ones, how many too. */
    private static final int SENT_AGAIN = 80;

    private static final int REPEATED = 10;
    private static final int MOST_WAITING = 500;
    private static final int MOST_ATTEMPTS = 40;
    private static final int PAUSE_AFTER_FAILURE_MS = 100;
    private static final int TIMEOUT_MS = 10_000;
    private static final int TOO_MANY = 429;

    private final List<URI> nodes;
    private final String token;
    private final LedgerLoad load;
    private final String prefix;
    private final LedgerLoad.Shape shape;
    private final SplittableRandom random;
    private final Map<URI, Connection> connections = new HashMap<>();
    private final Deque<Unanswered> unanswered = new ArrayDeque<>();
    private List<LedgerEvent> lastTaken = List.of();
    private long minute;
    private int next;
    private volatile boolean finishing;

    private record Unanswered(List<LedgerEvent> events, int attempts) {}

    LedgerSender(
            List<URI> nodes,
            String token,
            LedgerLoad load,
            String prefix,
            LedgerLoad.Shape shape,
            SplittableRandom random) {
        this.nodes = List.copyOf(nodes);
        this.token = token;
        this.load = load;
        this.prefix = prefix;
        this.shape = shape;
        this.random = random;
    }

    void finish() {
        finishing = true;
    }

    /** How many requests it sent. */
    @Override
    public Long call() throws InterruptedException {
        long requests = 0;
        try {
            while (!finishing || !unanswered.isEmpty()) {
                Unanswered request = nextRequest();
                if (!request.events().isEmpty()) {
                    requests++;
                    send(request);
                }
                TimeUnit.MILLISECONDS.sleep(shape.pauseMs());
            }
            return requests;
        } finally {
            connections.values().forEach(LedgerSender::disconnect);
            connections.clear();
        }
    }

    /** In requests of many clients each, until all are answered or too often not. */
    void sendAll(List<LedgerEvent> events) throws InterruptedException {
        for (int from = 0; from < events.size(); from += shape.batch()) {
            send(new Unanswered(events.subList(from, Math.min(events.size(), from + shape.batch())), 0));
        }
        while (!unanswered.isEmpty()) {
            send(unanswered.remove());
        }
        connections.values().forEach(LedgerSender::disconnect);
        connections.clear();
    }

    void sendOf(String client) throws InterruptedException {
        sendAll(List.of(new LedgerEvent(new WindowCounts.Window(client, target(0), shape.minute()), 0)));
    }

    private static String target(int number) {
        return "https://target-" + number + ".example.org/";
    }

    private Unanswered nextRequest() {
        if (!unanswered.isEmpty() && (finishing || random.nextInt(3) == 0)) {
            return unanswered.remove();
        }
        return new Unanswered(random.nextInt(100) < REPEATED ? lastTaken : newEvents(), 0);
    }

    /** The next slots of one client, over all its targets; none when the minute's are used up. */
    private List<LedgerEvent> newEvents() {
        if (minute != shape.minute()) {
            minute = shape.minute();
            next = 0;
        }
        int slots = LedgerEvent.SLOTS * shape.targets();
        int rounds = (slots + shape.batch() - 1) / shape.batch();
        List<LedgerEvent> events = new ArrayList<>();
        if (next < rounds * shape.clients()) {
            String client = shape.client(prefix, next % shape.clients(), minute);
            int from = next / shape.clients() * shape.batch();
            for (int i = from; i < Math.min(slots, from + shape.batch()); i++) {
                String target = target(i % shape.targets());
                events.add(new LedgerEvent(new WindowCounts.Window(client, target, minute), i / shape.targets()));
            }
            next++;
        }
        return events;
    }

    private void send(Unanswered request) throws InterruptedException {
        List<LedgerEvent> events = request.events();
        URI node = nodes.get(random.nextInt(nodes.size()));
        Connection.Answer answer;
        long start = System.nanoTime();
        try {
            answer = connect(node).send(bytes(node, events));
        } catch (ConnectException nobodyThere) {
            load.note(events, Ledger.Outcome.FAILED, "nobody there", System.nanoTime() - start);
            again(request);
            return;
        } catch (IOException e) {
            drop(node);
            load.note(events, Ledger.Outcome.UNKNOWN, e.getClass().getSimpleName(), System.nanoTime() - start);
            again(request);
            return;
        }
        Ledger.Outcome outcome = outcome(answer, events.size());
        load.note(events, outcome, Integer.toString(answer.status()), System.nanoTime() - start);
        if (outcome == Ledger.Outcome.OK) {
            lastTaken = events;
        } else if (answer.status() == 503 || (answer.status() == TOO_MANY && !finishing)) {
            again(request);
        }
    }

    /** A 503 may come from a node that gave up waiting for a write that succeeds yet. */
    private static Ledger.Outcome outcome(Connection.Answer answer, int events) {
        if (answer.status() == 202) {
            try {
                Acknowledgement said = Acknowledgement.parse(answer.body());
                return said.accepted() + said.duplicate() == events
                        ? Ledger.Outcome.OK
                        : said.late() + said.refused() == events ? Ledger.Outcome.FAILED : Ledger.Outcome.UNKNOWN;
            } catch (IOException unreadable) {
                return Ledger.Outcome.UNKNOWN;
            }
        }
        return answer.status() >= 500 ? Ledger.Outcome.UNKNOWN : Ledger.Outcome.FAILED;
    }

    private void again(Unanswered request) throws InterruptedException {
        if (request.attempts() < MOST_ATTEMPTS
                && unanswered.size() < MOST_WAITING
                && (request.attempts() > 0 || random.nextInt(100) < SENT_AGAIN)) {
            unanswered.add(new Unanswered(request.events(), request.attempts() + 1));
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE_MS);
    }

    private byte[] bytes(URI node, List<LedgerEvent> events) {
        StringBuilder body = new StringBuilder(360 * events.size());
        for (LedgerEvent event : events) {
            event.writeTo(body.append(body.isEmpty() ? '[' : ','));
        }
        body.append(']');
        String head = "POST /api/v1/events HTTP/1.1\r\nHost: " + node.getAuthority() + "\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    private Connection connect(URI node) throws IOException {
        Connection open = connections.get(node);
        if (open == null) {
            open = Connection.open(node, TIMEOUT_MS);
            connections.put(node, open);
        }
        return open;
    }

    private void drop(URI node) {
        Connection broken = connections.remove(node);
        if (broken != null) {
            disconnect(broken);
        }
    }

    private static void disconnect(Connection connection) {
        try {
            connection.close();
        } catch (IOException gone) {
            // It is gone either way.
        }
    }
}

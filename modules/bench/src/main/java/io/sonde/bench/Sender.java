package io.sonde.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * One thread that keeps connections busy for a while. Each answer is checked: by its bytes where such a one was understood
 * before, because reading it as text would cost as much as all else here.
 */
final class Sender implements Callable<Tally> {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long ANSWER_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_SELECT_MS = 100;

    private final Requests requests;
    private final Dialect dialect;
    private final Pace pace;
    private final Timing timing;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final Deque<Exchange> idle = new ArrayDeque<>();
    private final Deque<Exchange> paused = new ArrayDeque<>();
    /** Ends of answers that fit, by how many events of the request were repeated. */
    private final Map<Integer, byte[]> understood = new HashMap<>();

    private final Tally tally = new Tally();
    private long sent;
    private long looked = System.nanoTime();

    /** At {@link System#nanoTime()}; {@code giveUp} is how long what is not acknowledged is sent again, ns. */
    record Timing(long start, long end, long giveUp) {
        static Timing startingNow(int seconds, int giveUpSeconds) {
            long start = System.nanoTime();
            return new Timing(
                    start, start + TimeUnit.SECONDS.toNanos(seconds), TimeUnit.SECONDS.toNanos(giveUpSeconds));
        }
    }

    /** @param connections where each of them goes */
    Sender(List<InetSocketAddress> connections, Requests requests, Dialect dialect, Pace pace, Timing timing) {
        this.requests = requests;
        this.dialect = dialect;
        this.pace = pace;
        this.timing = timing;
        connections.forEach(server -> exchanges.add(new Exchange(server)));
        idle.addAll(exchanges);
    }

    @Override
    @SuppressWarnings("try") // the alarm is only to be ended
    public Tally call() throws IOException {
        try (Selector selector = Selector.open();
                Alarm alarm = pace.alarm(selector::wakeup)) {
            sendDue(selector);
            while (!isOver()) {
                selector.select(this::ready, LONGEST_SELECT_MS);
                giveUpWaiting();
                sendAgain(selector);
                sendDue(selector);
            }
            return tally;
        } finally {
            exchanges.forEach(Exchange::disconnect);
        }
    }

    /** Nothing is to be sent any more, and nothing is on its way. */
    private boolean isOver() {
        return exchanges.isEmpty() || (idle.size() == exchanges.size() && (isAllSent() || requests.isEmpty()));
    }

    private void sendDue(Selector selector) {
        while (!idle.isEmpty() && !requests.isEmpty() && !isAllSent() && intended() - System.nanoTime() <= 0) {
            Exchange exchange = idle.remove();
            RenderedRequest request = requests.take();
            exchange.begin(request, requests.wire(request), intended());
            sent++;
            send(exchange, selector);
        }
    }

    private boolean isAllSent() {
        return intended() - timing.end() >= 0;
    }

    private long intended() {
        return pace.intended(timing.start(), sent, System.nanoTime());
    }

    private void send(Exchange exchange, Selector selector) {
        try {
            exchange.send(selector);
        } catch (IOException e) {
            exchange.disconnect();
            refused(exchange, e.toString());
        }
    }

    private void ready(SelectionKey key) {
        Exchange exchange = (Exchange) key.attachment();
        try {
            exchange.read();
            byte[] tail = understood.get(exchange.request().repeated());
            if (tail != null && exchange.attempts() == 1 && exchange.answer().endsWith(tail)) {
                acknowledged(exchange);
            } else {
                Optional<Dialect.Answer> answer = exchange.answer().answer();
                if (answer.isPresent()) {
                    answered(exchange, answer.get());
                }
            }
        } catch (IOException e) {
            exchange.disconnect();
            if (!idle.contains(exchange)) {
                refused(exchange, e.toString());
            }
        }
    }

    private void answered(Exchange exchange, Dialect.Answer answer) throws IOException {
        if (dialect.fits(answer, exchange.said())) {
            if (exchange.attempts() == 1) {
                understood.put(exchange.request().repeated(), exchange.answer().tail());
            }
            acknowledged(exchange);
        } else if (answer.status() == 429 || answer.status() == 503) {
            refused(exchange, answer.toString());
        } else if (answer.status() / 100 == 2) {
            tally.complain("of " + exchange.said() + " the answer says " + answer);
            acknowledged(exchange);
        } else {
            end(exchange, answer.toString());
        }
    }

    private void acknowledged(Exchange exchange) {
        long now = System.nanoTime();
        tally.acknowledge(exchange.request(), now - exchange.intended(), now - timing.end() <= 0);
        requests.acknowledged(exchange.request());
        idle.add(exchange);
    }

    /** Sent again unchanged after a while, so that what it left behind can only be a duplicate. */
    private void refused(Exchange exchange, String why) {
        if (System.nanoTime() - exchange.intended() > timing.giveUp()) {
            end(exchange, why);
        } else {
            tally.retry();
            paused.add(exchange);
        }
    }

    private void end(Exchange exchange, String why) {
        exchange.disconnect();
        exchanges.remove(exchange);
        tally.complain("not acknowledged, so this connection ended: " + why);
    }

    private void sendAgain(Selector selector) {
        for (int left = paused.size();
                left > 0 && System.nanoTime() - paused.element().sentAt() > PAUSE_NANOS;
                left--) {
            send(paused.remove(), selector);
        }
    }

    private void giveUpWaiting() {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS) {
            looked = now;
            for (Exchange exchange : List.copyOf(exchanges)) {
                if (!idle.contains(exchange)
                        && !paused.contains(exchange)
                        && now - exchange.sentAt() > ANSWER_LIMIT_NANOS) {
                    exchange.disconnect();
                    refused(exchange, "no answer");
                }
            }
        }
    }
}

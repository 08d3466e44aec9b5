package io.sonde.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sonde.core.MalformedBody;
import io.sonde.core.Minute;
import io.sonde.core.Reading;
import io.sonde.core.Sample;
import io.sonde.qoe.QoeKind;
import io.sonde.qoe.QoeSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** A node without storage or windows that close: counts what comes, right or wrong, and says so. */
final class CountingNode implements AutoCloseable {
    private static final QoeSignal SIGNAL = new QoeSignal();

    private final HttpServer server;
    private final Map<String, long[]> counts = new TreeMap<>();
    private final Set<UUID> seen = new HashSet<>();
    private int countedTwice;
    private int wrongAnswers;

    /**
     * @param countedTwice how many events it counts once too often
     * @param wrongAnswers how many of its answers say one duplicate too many
     */
    CountingNode(int countedTwice, int wrongAnswers) throws IOException {
        this.countedTwice = countedTwice;
        this.wrongAnswers = wrongAnswers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/events", this::take);
        server.createContext("/api/v1/windows", this::tell);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        int accepted = 0;
        int duplicate = 0;
        for (Reading reading : read(exchange)) {
            Reading.Valid valid = (Reading.Valid) reading;
            if (seen.add(valid.sample().id())) {
                accepted++;
                count(valid.source(), valid.sample());
            } else {
                duplicate++;
            }
        }
        if (wrongAnswers-- > 0) {
            accepted--;
            duplicate++;
        }
        answer(
                exchange,
                202,
                "{\"accepted\":" + accepted + ",\"duplicate\":" + duplicate + ",\"late\":0,\"refused\":[]}");
    }

    private static Iterable<Reading> read(HttpExchange exchange) throws IOException {
        try {
            return SIGNAL.read(exchange.getRequestBody().readAllBytes(), false, System.currentTimeMillis(), 1_000)
                    .events();
        } catch (MalformedBody e) {
            throw new IOException(e);
        }
    }

    private void count(String source, Sample sample) {
        String window = "\"client_id\":\"" + source + "\",\"target\":\"" + sample.target() + "\",\"window_start_ts\":\""
                + Instant.ofEpochMilli(Minute.startOf(sample.tsMs())) + "\"";
        long[] count = counts.computeIfAbsent(
                window, any -> new long[1 + QoeKind.KIND.errorStages().size()]);
        count[0] += countedTwice-- > 0 ? 2 : 1;
        if (!sample.successful()) {
            count[1 + sample.error()]++;
        }
    }

    private void tell(HttpExchange exchange) throws IOException {
        String minute = Instant.ofEpochMilli(
                        Long.parseLong(exchange.getRequestURI().getQuery().replaceAll(".*from=(\\d+).*", "$1")))
                .toString();
        String windows = counts.entrySet().stream()
                .filter(window -> window.getKey().contains(minute))
                .map(window -> "{" + window.getKey() + columns(window.getValue()) + "}")
                .collect(Collectors.joining(",", "{\"windows\":[", "]}"));
        answer(exchange, 200, windows);
    }

    private static String columns(long[] count) {
        StringBuilder columns = new StringBuilder(",\"count_total\":").append(count[0]);
        for (int i = 1; i < count.length; i++) {
            String stage = QoeKind.KIND.errorStages().get(i - 1).toLowerCase(Locale.ROOT);
            columns.append(",\"").append(stage).append("_error_count\":").append(count[i]);
        }
        return columns.toString();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}

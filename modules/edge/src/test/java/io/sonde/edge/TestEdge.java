package io.sonde.edge;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.Authority;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Sample;
import io.sonde.core.Scope;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import io.sonde.qoe.QoeSignal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** The ingest route on a real port, with QoE as its signal, a bus in memory and a clock that stands still. */
final class TestEdge {
    static final long RECV_TS_MS = 1_763_632_860_000L;
    static final String ANY_CLIENT = "sonde_ingest_any";
    static final String BERLIN = "sonde_ingest_berlin";
    static final String READER = "sonde_read_all";
    static final String ADMIN = "sonde_admin_all";
    /** Whoever asks for it finds the table away. */
    static final String UNCHECKABLE = "sonde_ingest_uncheckable";

    private static final ActorSystem<Void> SYSTEM = ActorSystem.create(
            Behaviors.empty(),
            "edge",
            ConfigFactory.parseString(
                            """
        pekko.actor.default-dispatcher.fork-join-executor.parallelism-max = 2
        pekko.coordinated-shutdown.run-by-actor-system-terminate = off
        # As in node.conf.
        pekko.io.tcp.direct-buffer-size = 8 KiB
        """)
                    .withFallback(ConfigFactory.load()));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SYSTEM::terminate, "stop-edge"));
    }

    final ConcurrentLinkedQueue<Batch> recorded = new ConcurrentLinkedQueue<>();
    final Counters counters = new Counters();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final InetSocketAddress address;

    private TestEdge(EdgeServer server, Recorder bus, EdgeSettings settings, LongSupplier nanos) {
        Authority authority = TestEdge::grant;
        var routes = new IngestRoutes(
                new QoeSignal(),
                batch -> {
                    recorded.add(batch);
                    return bus.record(batch);
                },
                new Access(authority, counters),
                counters,
                Tracing.OFF,
                Clock.fixed(Instant.ofEpochMilli(RECV_TS_MS), ZoneOffset.UTC),
                settings,
                new ClientLimits(settings.rates(), nanos, new Random()));
        address = bind(server, SYSTEM.settings().config(), Problems.seal(routes.route()));
    }

    private TestEdge(Config config, Route route) {
        address = bind(plain(), config, route);
    }

    private static InetSocketAddress bind(EdgeServer server, Config config, Route route) {
        return server.bind(SYSTEM, config, route).toCompletableFuture().join().localAddress();
    }

    /** Another module's route behind the same server. */
    static TestEdge serving(Route route) {
        return new TestEdge(SYSTEM.settings().config(), route);
    }

    /** The same with other settings of the server. */
    static TestEdge serving(Route route, String... lines) {
        return new TestEdge(
                ConfigFactory.parseString(String.join("\n", lines))
                        .withFallback(SYSTEM.settings().config()),
                route);
    }

    static TestEdge with(ServerTls tls) {
        return new TestEdge(EdgeServer.secured("127.0.0.1", 0, tls), TestEdge::takeAll, settings(), System::nanoTime);
    }

    static TestEdge start() {
        return with(TestEdge::takeAll);
    }

    static TestEdge with(Recorder bus) {
        return with(bus, settings());
    }

    static TestEdge with(EdgeSettings settings) {
        return with(settings, System::nanoTime);
    }

    static TestEdge with(Recorder bus, EdgeSettings settings) {
        return new TestEdge(plain(), bus, settings, System::nanoTime);
    }

    /** @param nanos the clock of the rates */
    static TestEdge with(EdgeSettings settings, LongSupplier nanos) {
        return new TestEdge(plain(), TestEdge::takeAll, settings, nanos);
    }

    private static EdgeServer plain() {
        return EdgeServer.plain("127.0.0.1", 0);
    }

    private static CompletableFuture<Receipt> takeAll(Batch batch) {
        return counted(new Receipt(batch.samples().size(), 0, 0, true));
    }

    int port() {
        return address.getPort();
    }

    /** The defaults but for these. */
    static EdgeSettings settings(String... lines) {
        return EdgeSettings.from(ConfigFactory.parseString(String.join("\n", lines))
                .withFallback(SYSTEM.settings().config()));
    }

    static CompletableFuture<Receipt> counted(Receipt receipt) {
        return CompletableFuture.completedFuture(receipt);
    }

    private static CompletableFuture<Optional<Grant>> grant(String token) {
        return switch (token) {
            case ANY_CLIENT -> known(token, Scope.INGEST, null);
            case BERLIN -> known(token, Scope.INGEST, "berlin-1");
            case READER -> known(token, Scope.READ, null);
            case ADMIN -> known(token, Scope.ADMIN, null);
            case UNCHECKABLE ->
                CompletableFuture.failedFuture(new Unavailable("table away", 7, new IOException("10.0.0.7 refused")));
            default -> CompletableFuture.completedFuture(Optional.empty());
        };
    }

    private static CompletableFuture<Optional<Grant>> known(String token, Scope scope, @Nullable String source) {
        return CompletableFuture.completedFuture(Optional.of(new Grant(token, "default", scope, source)));
    }

    List<Sample> samples() {
        return recorded.stream().flatMap(batch -> batch.samples().stream()).toList();
    }

    long authFailures() {
        return counters.snapshot().entrySet().stream()
                .filter(count -> count.getKey().startsWith("edge_auth_failures_total"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    HttpResponse<String> post(String json) {
        return send(request -> request.POST(BodyPublishers.ofString(json)));
    }

    CompletableFuture<HttpResponse<String>> postLater(String json) {
        return client.sendAsync(
                request("/api/v1/events")
                        .header("Authorization", "Bearer " + ANY_CLIENT)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> postAs(String token, String json) {
        return send(
                request -> request.setHeader("Authorization", "Bearer " + token).POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> post(byte[] body, String... headers) {
        return send(request -> {
            for (int i = 0; i < headers.length; i += 2) {
                request.setHeader(headers[i], headers[i + 1]);
            }
            return request.POST(BodyPublishers.ofByteArray(body));
        });
    }

    HttpResponse<String> send(UnaryOperator<HttpRequest.Builder> change) {
        HttpRequest.Builder request = request("/api/v1/events")
                .header("Authorization", "Bearer " + ANY_CLIENT)
                .header("Content-Type", "application/json");
        return exchange(change.apply(request).build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> exchange(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    Socket connect() throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Writes a request line by line, as it is, and reads until the server closes; an empty line ends the headers. */
    String raw(String... lines) throws IOException {
        String request = String.join("\r\n", lines);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sonde.core.Tracing;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class EventPostIT {
    @TempDir
    Path folder;

    private final AtomicReference<byte[]> body = new AtomicReference<>();
    private final AtomicReference<String> headers = new AtomicReference<>();
    private HttpServer node;
    private int status = 202;

    @BeforeEach
    void start() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/api/v1/events", exchange -> {
            headers.set(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Encoding"));
            body.set(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Retry-After", "3");
            byte[] answer = "{\"accepted\":2,\"late\":0,\"refused\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void eventsAreAGzippedArrayWithTheToken() throws Exception {
        List<QoeEvent> events = UplinkTest.events(2);

        Outcome outcome = await(post().send(UplinkTest.json(events)));

        assertThat(outcome).isEqualTo(new Outcome.Taken(2, 0, 0, 0));
        assertThat(headers).hasValue("POST Bearer sonde_ingest_x application/json gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(body.get())).readAllBytes())
                .isEqualTo(QoeEventWriter.toJson(events));
    }

    @Test
    void aBusyNodeIsObeyed() throws Exception {
        status = 429;

        assertThat(await(post().send(UplinkTest.json(UplinkTest.events(1)))))
                .isEqualTo(new Outcome.Again("http_429", Duration.ofSeconds(3)));
    }

    @Test
    void aNodeThatIsNotThereIsARetry() throws Exception {
        EventPost post = post();
        node.stop(0);

        assertThat(await(post.send(UplinkTest.json(UplinkTest.events(1)))))
                .isEqualTo(new Outcome.Again("connection", null));
    }

    /** A node, or what is between, that stops in the middle of its answer: JDK-8208693. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 202 Accepted\r\nContent-Le",
                "HTTP/1.1 202 Accepted\r\nContent-Length: 20\r\n\r\n",
                "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"acc"
            })
    void anAnswerThatDoesNotEndIsATimeoutAndItsConnectionIsClosed(String beginning) throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EventPost post = post(silent.getLocalPort(), Duration.ofMillis(500));

            CompletionStage<Outcome> outcome = post.send(UplinkTest.json(UplinkTest.events(1)));

            try (Socket connection = silent.accept()) {
                connection.setSoTimeout(10_000);
                connection.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                assertThat(await(outcome)).isEqualTo(new Outcome.Again("timeout", null));
                assertThat(isClosed(connection)).isTrue();
            }
        }
    }

    /** What a captive portal may answer; a probe has 48 MiB in all. */
    @Test
    void aHundredMegabytesAreNotRead() throws Exception {
        var written = new AtomicLong();
        node.removeContext("/api/v1/events");
        node.createContext("/api/v1/events", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 100 << 20);
            for (byte[] piece = new byte[64 * 1024]; written.get() < 100 << 20; written.addAndGet(piece.length)) {
                exchange.getResponseBody().write(piece);
            }
            exchange.close();
        });

        assertThat(await(post().send(UplinkTest.json(UplinkTest.events(1)))))
                .isEqualTo(new Outcome.Again("http_200", null));

        node.stop(5);
        assertThat(written).hasValueLessThan(32 << 20);
    }

    private EventPost post() throws Exception {
        return post(node.getAddress().getPort(), Duration.ofSeconds(5));
    }

    private EventPost post(int port, Duration timeout) throws Exception {
        UploadSettings settings = at(port, timeout);
        return new EventPost(settings, new NodeClient(settings), Tracing.OFF, Clock.systemUTC());
    }

    private UploadSettings at(int port, Duration timeout) throws Exception {
        URI events = URI.create("http://127.0.0.1:" + port + "/api/v1/events");
        return UplinkTest.settings(events, Trust.system(), folder, 100, timeout);
    }

    private static boolean isClosed(Socket connection) throws IOException {
        try {
            connection.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static Outcome await(CompletionStage<Outcome> outcome) throws Exception {
        return outcome.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

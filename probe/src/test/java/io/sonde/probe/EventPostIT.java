package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    private EventPost post() throws Exception {
        URI events = URI.create("http://127.0.0.1:" + node.getAddress().getPort() + "/api/v1/events");
        return new EventPost(UplinkTest.settings(events, Trust.system(), folder, 100), Clock.systemUTC());
    }

    private static Outcome await(CompletionStage<Outcome> outcome) throws Exception {
        return outcome.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

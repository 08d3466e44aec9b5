package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class OrderRequestIT {
    @TempDir
    Path folder;

    private final AtomicReference<String> asked = new AtomicReference<>();
    private HttpServer node;
    private int status = 200;
    private String etag = "\"7\"";
    private String body = "{\"targets\":[\"http://a/\"]}";

    @BeforeEach
    void start() throws Exception {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            asked.set(exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().getRawPath() + " " + headers.getFirst("Authorization") + " "
                    + headers.getFirst("User-Agent") + " " + headers.getFirst("If-None-Match") + " "
                    + headers.getFirst("Sonde-Applied"));
            if (!etag.isEmpty()) {
                exchange.getResponseHeaders().add("ETag", etag);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 304 ? -1 : bytes.length);
            if (status != 304) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop(0);
    }

    @Test
    void itSaysWhoAsksAndWhatIsFollowed() throws Exception {
        OrderRequest request = request("büro/1 a+b");

        assertThat(request.ask(Optional.empty())).isEqualTo(new NodeOrders.Given("\"7\"", body));
        assertThat(asked)
                .hasValue(
                        "GET /api/v1/probes/b%C3%BCro%2F1%20a%2Bb/config Bearer sonde_ingest_x sonde-probe/1.2 null own");
        status = 304;
        assertThat(request.ask(Optional.of("\"7\""))).isEqualTo(new NodeOrders.Unchanged());
        assertThat(asked.get()).endsWith(" sonde-probe/1.2 \"7\" \"7\"");
    }

    @Test
    void aNodeThatHasNothingIsToldFromAPageThatIsNotThere() throws Exception {
        status = 404;
        body = "{\"type\":\"/problems/no-probe-config\",\"status\":404}";
        assertThat(request("c").ask(Optional.empty())).isEqualTo(new NodeOrders.Nothing());

        body = "<html>404</html>";
        assertThat(request("c").ask(Optional.empty())).isInstanceOf(NodeOrders.NoWord.class);
    }

    @ParameterizedTest
    @CsvSource({"200,''", "302,'\"7\"'", "401,''", "403,''", "500,''", "503,''"})
    void whatIsNoNodesWordChangesNothing(int answered, String mark) throws Exception {
        status = answered;
        etag = mark;

        assertThat(request("c").ask(Optional.of("\"1\""))).isInstanceOf(NodeOrders.NoWord.class);
    }

    @Test
    void aPageThatDoesNotEndIsNotRead() throws Exception {
        body = "x".repeat(1 << 20);

        assertThat(request("c").ask(Optional.empty())).isInstanceOf(NodeOrders.NoWord.class);
    }

    @Test
    void aNodeThatIsNotThereIsNoWord() throws Exception {
        OrderRequest request = request("c");
        node.stop(0);

        assertThat(request.ask(Optional.empty())).isInstanceOf(NodeOrders.NoWord.class);
    }

    private OrderRequest request(String client) throws Exception {
        URI events = URI.create("http://127.0.0.1:" + node.getAddress().getPort() + "/api/v1/events");
        UploadSettings settings = UplinkTest.settings(events, Trust.system(), folder, 100, Duration.ofSeconds(5));
        return new OrderRequest(events, new NodeClient(settings), client, "1.2");
    }
}

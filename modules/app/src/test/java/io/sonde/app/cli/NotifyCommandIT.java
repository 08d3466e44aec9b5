package io.sonde.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sonde.app.problem.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sonde notify} as a person uses it, with a receiver that answers. */
class NotifyCommandIT {
    private static final String TOKEN = "t0ken0123456789";

    private Said said = new Said(ExitCode.OK, "", "");
    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String config;
    private volatile int goodAnswers = Integer.MAX_VALUE;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = "well".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(received.size() <= goodAnswers ? 200 : 500, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        config = Files.writeString(
                        folder.resolve("node.conf"),
                        "sonde.notify.channels.ops { type = webhook, url = \"http://127.0.0.1:"
                                + server.getAddress().getPort() + "/" + TOKEN + "\" }")
                .toString();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTestIsAProblemAndItsEndAndWhatWasAnswered() {
        assertThat(run("notify", "test", "ops", "--config", config)).isEqualTo(ExitCode.OK);

        assertThat(said.out().lines()).containsExactly("firing: 200 well", "resolved: 200 well");
        assertThat(received).hasSize(2);
        assertThat(received.get(0)).contains("\"status\":\"firing\"", "\"receiver\":\"ops\"");
        assertThat(received.get(1)).contains("\"status\":\"resolved\"").doesNotContain("\"firing\"");
    }

    @Test
    void theLogIsThereWithoutAConfiguration() {
        assertThat(run("notify", "test", "log")).isEqualTo(ExitCode.OK);
        assertThat(said.out().lines()).containsExactly("firing: logged", "resolved: logged");
    }

    @Test
    void aChannelThatThereIsNotIsToldWithThoseThereAre() {
        assertThat(run("notify", "test", "pos", "--config", config)).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(said.err().lines())
                .containsExactly("sonde: there is no channel pos in sonde.notify.channels; there are log, ops");
    }

    @Test
    void aReceiverThatTakesNothingIsSaidWithItsAnswer() {
        goodAnswers = 0;

        assertThat(run("notify", "test", "ops", "--config", config)).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(said.err())
                .contains("firing was not taken", "answered 500 well")
                .doesNotContain(TOKEN);
        assertThat(received).hasSize(1);
    }

    @Test
    void aReceiverThatTakesOnlyTheBeginningIsHalfAChannel() {
        goodAnswers = 1;

        assertThat(run("notify", "test", "ops", "--config", config)).isEqualTo(ExitCode.PARTLY);
        assertThat(said.out().lines()).containsExactly("firing: 200 well");
        assertThat(said.err()).contains("resolved was not taken");
    }

    @Test
    void aReceiverThatIsNotThereIsOneLine() {
        server.stop(0);

        assertThat(run("notify", "test", "ops", "--config", config)).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .contains("cannot be connected to")
                .doesNotContain(TOKEN);
    }

    private ExitCode run(String... arguments) {
        said = Said.of(arguments);
        return said.code();
    }
}

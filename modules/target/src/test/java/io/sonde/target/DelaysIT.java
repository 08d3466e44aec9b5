package io.sonde.target;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The delays on real sockets; what a probe sees of them is the probe's {@code DelaysIT}. */
@Timeout(30)
@SuppressWarnings("NullAway.Init") // by start()
class DelaysIT {
    @TempDir
    static Path folder;

    private TargetServer server;

    @BeforeEach
    void start() throws IOException {
        server = TargetServer.start(TargetPorts.ANY_FREE, folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/status/503", "/nothing", "/chunked", "/garbage", "/close"})
    void everyAnswerIsLate(String path) throws IOException {
        ask("PUT", "/admin/delays?ttfb-ms=150");

        assertThat(msOf("GET", path)).isGreaterThanOrEqualTo(150);
    }

    @Test
    void theDelayComesOnTopOfWhatThePathTakes() throws IOException {
        ask("PUT", "/admin/delays?ttfb-ms=150");

        assertThat(msOf("GET", "/slow?ms=100")).isGreaterThanOrEqualTo(250);
    }

    @Test
    void theAdministratorIsAnsweredAtOnceAndInFull() throws IOException {
        ask("PUT", "/admin/delays?ttfb-ms=20000&kbps=1");

        assertThat(ask("GET", "/admin/delays"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n{\"ttfb-ms\":20000,\"tls-ms\":0,\"kbps\":1}\n");
        assertThat(ask("DELETE", "/admin/delays")).endsWith("{\"ttfb-ms\":0,\"tls-ms\":0,\"kbps\":0}\n");
        assertThat(ask("GET", "/health")).endsWith("\r\n\r\nok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fixed/1mb.bin", "/chunked"})
    void aBodyComesAtItsRateAndWhole(String path) throws IOException {
        String before = ask("GET", path);
        ask("PUT", "/admin/delays?kbps=20000");
        long start = System.nanoTime();

        String answer = ask("GET", path);

        assertThat(answer).isEqualTo(before);
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(Paths.FIXED_BYTES * 8 / 1_000.0 / seconds).isLessThanOrEqualTo(20_000);
    }

    @Test
    void whatIsWrongIsToldOverHttpToo() throws IOException {
        assertThat(ask("PUT", "/admin/delays?ttfb=400"))
                .startsWith("HTTP/1.1 400 ")
                .contains("curl -X PUT");
        assertThat(ask("POST", "/admin/delays"))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nAllow: GET, PUT, DELETE\r\n");
    }

    private long msOf(String method, String path) throws IOException {
        long start = System.nanoTime();
        ask(method, path);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private String ask(String method, String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
            socket.getOutputStream().write((method + " " + path + " HTTP/1.1\r\n\r\n").getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}

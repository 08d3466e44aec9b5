package io.sonde.target;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.util.zip.Deflater;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TargetServerIT {
    @TempDir
    static Path folder;

    private static TargetServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("certificates"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void healthAnswersAtOnce() throws IOException {
        String answer = get("/health");

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    }

    @Test
    void slowWaitsAsLongAsAsked() throws IOException {
        long start = System.nanoTime();

        String answer = get("/slow?ms=120");

        assertThat(answer).startsWith("HTTP/1.1 200 OK");
        assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(120);
    }

    @Test
    void theFixedObjectIsOneMebibyteThatDoesNotCompress() throws IOException {
        byte[] body = body(get("/fixed/1mb.bin"));

        assertThat(body).hasSize(1_048_576);
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(body);
        deflater.finish();
        assertThat(deflater.deflate(new byte[2 * body.length])).isGreaterThanOrEqualTo(body.length);
        deflater.end();
        assertThat(body(get("/fixed/1mb.bin"))).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 404, 418, 500, 503})
    void aStatusIsAnsweredAsAsked(int status) throws IOException {
        assertThat(get("/status/" + status)).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status/1000", "/status/abc", "/slow?ms=-1", "/slow?ms=60001", "/slow?ms=x"})
    void aWrongNumberIsAnsweredWithWhatIsPossible(String path) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 400 ").contains("/slow?ms=N");
    }

    @Test
    void anUnknownPathIsAnsweredWithAListOfPaths() throws IOException {
        assertThat(get("/nothing")).startsWith("HTTP/1.1 404 ").contains("/fixed/1mb.bin");
    }

    @Test
    void redirectsCountDownToHealth() throws IOException {
        assertThat(get("/redirect?n=2")).startsWith("HTTP/1.1 302 Found").contains("Location: /redirect?n=1\r\n");
        assertThat(get("/redirect?n=1")).contains("Location: /health\r\n");
    }

    @Test
    void resetEndsTheConnectionInTheMiddleOfTheBody() {
        assertThatThrownBy(() -> get("/reset"))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void shortEndsTheConnectionCleanlyInTheMiddleOfTheBody() throws IOException {
        String answer = get("/short");

        assertThat(answer).contains("Content-Length: 1048576");
        assertThat(body(answer)).hasSize(1024);
    }

    @Test
    void closeAnswersNothing() throws IOException {
        assertThat(get("/close")).isEmpty();
    }

    @Test
    void headAnswersWithoutABody() throws IOException {
        assertThat(request(server.httpPort(), "HEAD /fixed/1mb.bin HTTP/1.1\r\n\r\n"))
                .contains("Content-Length: 1048576")
                .endsWith("\r\n\r\n");
    }

    @Test
    void otherMethodsAndEndlessHeadsAreRefused() throws IOException {
        assertThat(request(server.httpPort(), "POST /health HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ");
        assertThat(request(server.httpPort(), "GET /" + "a".repeat(8191))).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "::1", "target.test"})
    void theValidCertificateIsAcceptedUnderAllItsNames(String name) throws Exception {
        try (SSLSocket socket = trusting(server.authority(), name, server.tlsPort())) {
            socket.getOutputStream().write("GET /health HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));

            assertThat(text(socket.getInputStream())).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void overTlsThereIsNoAdministration() throws Exception {
        try (SSLSocket socket = trusting(server.authority(), "localhost", server.tlsPort())) {
            socket.getOutputStream().write("PUT /admin/delays?ttfb-ms=5 HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));

            assertThat(text(socket.getInputStream()))
                    .startsWith("HTTP/1.1 404 ")
                    .contains("plain HTTP port");
        }
        assertThat(get("/admin/delays")).contains("\"ttfb-ms\":0,");
    }

    @Test
    void theExpiredCertificateIsRefusedAsExpired() {
        assertThatThrownBy(() -> trusting(server.authority(), "localhost", server.expiredTlsPort())
                        .close())
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void certificatesAreKeptAcrossRestartsAndTheirKeysForTheOwnerAlone() throws IOException {
        byte[] before = Files.readAllBytes(server.authority());

        try (TargetServer again = TargetServer.start(TargetPorts.ANY_FREE, folder.resolve("certificates"))) {
            assertThat(Files.readAllBytes(again.authority())).isEqualTo(before);
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("certificates").resolve("valid.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aBrokenCertificateIsMadeAnew() throws Exception {
        Path broken = folder.resolve("broken");
        TargetServer.start(TargetPorts.ANY_FREE, broken).close();
        Files.writeString(broken.resolve("valid.pem"), "not a certificate");

        try (TargetServer again = TargetServer.start(TargetPorts.ANY_FREE, broken);
                SSLSocket socket = trusting(again.authority(), "localhost", again.tlsPort())) {
            assertThat(socket.getSession().isValid()).isTrue();
        }
    }

    @Test
    void aPortInUseIsNamedWithWhatToDo() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ports = new TargetPorts(0, taken.getLocalPort(), 0);

            assertThatThrownBy(() -> TargetServer.start(ports, folder.resolve("certificates")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void connectionsGiveTheirThreadsBack() throws IOException {
        for (int i = 0; i < 2 * Listener.CONNECTIONS; i++) {
            assertThat(get("/health")).endsWith("ok\n");
        }
    }

    private static String get(String path) throws IOException {
        return request(server.httpPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static String request(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return text(socket.getInputStream());
        }
    }

    private static String text(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toString(ISO_8859_1);
    }

    private static byte[] body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
    }

    private static SSLSocket trusting(Path authority, String name, int port) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(authority))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        var raw = new Socket(InetAddress.getLoopbackAddress(), port);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}

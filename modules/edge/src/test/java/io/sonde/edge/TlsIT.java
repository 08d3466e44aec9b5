package io.sonde.edge;

import static io.sonde.edge.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP port with a certificate: new connections see the new one, and nobody notices the change. */
class TlsIT {
    private static final TestCertificate OLD = TestCertificate.of("EC");
    private static final TestCertificate NEW = TestCertificate.of("RSA");

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @Test
    void aCertificateIsReplacedUnderLoadWithoutAFailedRequest() throws Exception {
        ServerTls tls = tls();
        TestEdge edge = TestEdge.with(tls);
        var stop = new AtomicBoolean();
        var done = new AtomicInteger();
        SSLContext both = TestCertificate.trusting(OLD, NEW);
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                // A client of its own for each, so that each makes a new connection.
                assertThat(post(client(both), edge).statusCode()).isEqualTo(202);
                done.incrementAndGet();
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> done.get() > 5);
        HttpClient patient = client(both);
        assertThat(post(patient, edge).statusCode()).isEqualTo(202);

        TestCertificate.replace(folder.resolve("certificate.pem"), NEW.certificatePem());
        tls.refresh();
        TestCertificate.replace(folder.resolve("key.pem"), NEW.keyPem());
        tls.refresh();

        assertThat(post(client(TestCertificate.trusting(NEW)), edge).statusCode())
                .isEqualTo(202);
        assertThatThrownBy(() -> send(client(TestCertificate.trusting(OLD)), edge))
                .isInstanceOf(SSLHandshakeException.class);
        assertThat(post(patient, edge).statusCode()).isEqualTo(202);
        int before = done.get();
        await().atMost(Duration.ofSeconds(20)).until(() -> done.get() > before + 5 || load.isDone());
        stop.set(true);
        load.join();
        assertThat(edge.samples()).hasSize(done.get() + 3);
    }

    @Test
    void aBrokenPairKeepsTheFormerOne() throws Exception {
        ServerTls tls = tls();
        TestEdge edge = TestEdge.with(tls);

        TestCertificate.replace(folder.resolve("key.pem"), NEW.keyPem());
        tls.refresh();
        assertThat(shownBy(edge)).isEqualTo(OLD.certificate());

        TestCertificate.replace(folder.resolve("certificate.pem"), "half a certificate");
        tls.refresh();
        assertThat(shownBy(edge)).isEqualTo(OLD.certificate());

        Files.delete(folder.resolve("key.pem"));
        tls.refresh();
        assertThat(shownBy(edge)).isEqualTo(OLD.certificate());

        NEW.write(folder);
        tls.refresh();
        assertThat(shownBy(edge)).isEqualTo(NEW.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsAreSpoken(String version) throws Exception {
        TestEdge edge = TestEdge.with(tls());

        try (SSLSocket socket = handshake(edge, version)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void olderVersionsAreNot() throws Exception {
        TestEdge edge = TestEdge.with(tls());

        assertThatThrownBy(() -> handshake(edge, "TLSv1.1")).isInstanceOf(SSLException.class);
    }

    @Test
    void plainHttpGetsNothingFromAnHttpsPort() throws Exception {
        TestEdge edge = TestEdge.with(tls());

        String answer = edge.raw("GET /api/openapi.json HTTP/1.1", "Host: h", "Connection: close", "", "");

        assertThat(answer).doesNotContain("HTTP/1.1", "Location", "openapi");
    }

    private ServerTls tls() throws UnusableCertificate {
        return ServerTls.open(OLD.write(folder), Clock.systemUTC());
    }

    private static HttpClient client(SSLContext trust) {
        return HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private static HttpResponse<String> post(HttpClient client, TestEdge edge) {
        try {
            return send(client, edge);
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static HttpResponse<String> send(HttpClient client, TestEdge edge) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + edge.port() + "/api/v1/events"))
                            .header("Authorization", "Bearer " + TestEdge.ANY_CLIENT)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(event()))
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Certificate shownBy(TestEdge edge) throws IOException {
        SSLContext both = TestCertificate.trusting(OLD, NEW);
        try (var socket = (SSLSocket) both.getSocketFactory().createSocket("127.0.0.1", edge.port())) {
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket handshake(TestEdge edge, String version) throws IOException {
        var socket =
                (SSLSocket) TestCertificate.trusting(OLD).getSocketFactory().createSocket("127.0.0.1", edge.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}

package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.Stage;
import io.sonde.target.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every stage and every failure of R1 on real sockets. */
@Timeout(60)
class HttpProbeIT {
    @TempDir
    static Path folder;

    private static Fixture on;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        on = new Fixture(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        on.close();
    }

    @Test
    void overTlsThereIsAHandshakeTime() {
        Measurement seen = on.measure(on.tls("localhost", "/health"));

        assertThat(seen.failure()).isNull();
        assertThat(seen.tcpMs()).isPositive();
        assertThat(seen.tlsMs()).isPositive();
        assertThat(seen.ttfbMs()).isPositive();
        assertThat(seen.status()).isEqualTo(200);
    }

    @Test
    void aNameFromDnsHasALookUpTimeEveryTimeBecauseNothingIsCached() {
        int before = on.dns.questions();

        for (int i = 1; i <= 3; i++) {
            Measurement seen = on.measure(on.http("good.test", "/health"));

            assertThat(seen.dnsMs()).isPositive();
            assertThat(seen.tlsMs()).isNull();
            assertThat(on.dns.questions()).isEqualTo(before + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "listed.test", "anything.localhost"})
    void withoutALookUpThereIsNoLookUpTime(String host) {
        Measurement seen = on.measure(on.http(host, "/health"));

        assertThat(seen.failure()).isNull();
        assertThat(seen.dnsMs()).isNull();
        assertThat(seen.tcpMs()).isPositive();
    }

    @Test
    void theFirstByteIsTimedFromTheRequest() {
        assertThat(on.measure(on.http("127.0.0.1", "/slow?ms=60")).ttfbMs()).isBetween(60.0, 400.0);
    }

    @ParameterizedTest
    @CsvSource({
        "nxdomain, nxdomain",
        "servfail, servfail",
        "refused, refused",
        "formerr, protocol",
        "empty, no_address",
        "loop, protocol",
        "silent, timeout"
    })
    void aFailedLookUpIsDns(String label, String type) {
        Measurement seen = on.measure(on.http(label + ".test", "/health"));

        assertFailed(seen, Stage.DNS, type);
        assertThat(seen.tcpMs()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "alias", "truncated", "spoofed"})
    void aliasesTruncationAndStrayAnswersAreNoFailure(String label) {
        assertThat(on.measure(on.http(label + ".test", "/health")).failure()).isNull();
    }

    @Test
    void aNameWithOnlyIpv6IsConnectedToOverIpv6() {
        assertThat(on.measure(on.http("six.test", "/health")).address()).isEqualTo("0:0:0:0:0:0:0:1");
    }

    @Test
    void aClosedPortIsRefused() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertFailed(on.measure("http://127.0.0.1:" + closed + "/"), Stage.TCP, "refused");
    }

    @Test
    void aFullBacklogIsATimeout() throws IOException {
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = new Socket(full.getInetAddress(), full.getLocalPort());
                var second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();

            assertFailed(on.measure("http://127.0.0.1:" + full.getLocalPort() + "/"), Stage.TCP, "timeout");
        }
    }

    @Test
    void anAddressWithoutARouteIsUnreachable() {
        assertFailed(on.measure("http://255.255.255.255/"), Stage.TCP, "unreachable");
    }

    @Test
    void anExpiredCertificateIsNamedWhetherItsAuthorityIsTrustedOrNot() {
        TargetUrl url = TargetUrl.parse(on.expired("localhost", "/health"));

        assertFailed(on.trusting.measure(url, Optional.empty()), Stage.TLS, "cert_expired");
        assertFailed(on.strict.measure(url, Optional.empty()), Stage.TLS, "cert_expired");
    }

    @Test
    void anUnknownAuthorityIsUntrusted() {
        TargetUrl url = TargetUrl.parse(on.tls("localhost", "/health"));

        assertFailed(on.strict.measure(url, Optional.empty()), Stage.TLS, "cert_untrusted");
    }

    @Test
    void aCertificateForAnotherNameIsCertName() {
        Measurement seen = on.measure(on.tls("other.test", "/health"));

        assertFailed(seen, Stage.TLS, "cert_name");
        assertThat(seen.dnsMs()).isPositive();
        assertThat(seen.tcpMs()).isPositive();
        assertThat(seen.tlsMs()).isNull();
    }

    @Test
    void aCertificateOfTomorrowIsNotYetValid() throws Exception {
        Instant now = Instant.now();
        Identity authority = Identity.authority("tomorrow", now, now.plus(Duration.ofDays(3)));
        Identity server = Identity.signedBy(
                authority, List.of("127.0.0.1"), now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)));
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            inBackground(() -> {
                Socket socket = listening.accept();
                SSLSocket secured = (SSLSocket) server.server().createSocket(socket, null, 0, true);
                secured.setUseClientMode(false);
                secured.startHandshake();
            });

            assertFailed(on.measure("https://127.0.0.1:" + listening.getLocalPort()), Stage.TLS, "cert_not_yet_valid");
        }
    }

    @Test
    void plainHttpWhereTlsWasWantedIsProtocol() throws IOException {
        try (var plain = new OneAnswer("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertFailed(on.measure(plain.url().replace("http:", "https:")), Stage.TLS, "protocol");
        }
    }

    @Test
    void aServerThatEndsTheHandshakeHasClosedOrReset() throws IOException {
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            inBackground(() -> {
                Socket socket = listening.accept();
                assertThat(socket.getInputStream().read(new byte[8192])).isPositive();
                socket.close();
                Socket next = listening.accept();
                next.setSoLinger(true, 0);
                assertThat(next.getInputStream().read()).isPositive();
                next.close();
            });
            String url = "https://127.0.0.1:" + listening.getLocalPort();

            assertFailed(on.measure(url), Stage.TLS, "closed");
            assertFailed(on.measure(url), Stage.TLS, "reset");
        }
    }

    @Test
    void aServerThatDoesNotShakeHandsIsATimeout() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertFailed(on.measure("https://127.0.0.1:" + silent.getLocalPort()), Stage.TLS, "timeout");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/status/404, status_4xx",
        "/status/500, status_5xx",
        "/status/503, status_5xx",
        "/slow?ms=5000, timeout",
        "/reset, reset",
        "/short, short_body",
        "/close, closed",
        "/garbage, protocol",
        "/drip?ms=100, timeout"
    })
    void aFailedAnswerIsHttpWithAndWithoutTls(String path, String type) {
        assertFailed(on.measure(on.http("127.0.0.1", path)), Stage.HTTP, type);
        Measurement secured = on.measure(on.tls("localhost", path));
        assertFailed(secured, Stage.HTTP, type);
        assertThat(secured.tlsMs()).isPositive();
    }

    @Test
    void aFailureAfterTheFirstByteKeepsItsTime() {
        assertThat(on.measure(on.http("127.0.0.1", "/status/503")).ttfbMs()).isPositive();
        assertThat(on.measure(on.http("127.0.0.1", "/slow?ms=5000")).ttfbMs()).isNull();
    }

    @Test
    void aRedirectIsReportedAsItIs() {
        Measurement seen = on.measure(on.http("127.0.0.1", "/redirect?n=3"));

        assertThat(seen.failure()).isNull();
        assertThat(seen.status()).isEqualTo(302);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fixed/1mb.bin", "/chunked", "/status/204"})
    void everyFramingOfABodyIsRead(String path) {
        assertThat(on.measure(on.http("127.0.0.1", path)).failure()).isNull();
    }

    @Test
    void aDownloadGivesARate() {
        Measurement seen = on.measure(on.http("127.0.0.1", "/health"), on.tls("localhost", "/fixed/1mb.bin"));

        assertThat(seen.failure()).isNull();
        assertThat(seen.throughputKbps()).isPositive();
    }

    @Test
    void aDownloadCutByItsLimitKeepsThePartialRate() {
        Measurement seen = on.measure(on.http("127.0.0.1", "/health"), on.http("127.0.0.1", "/drip?ms=50"));

        assertFailed(seen, Stage.THROUGHPUT, "timeout");
        assertThat(seen.throughputKbps()).isBetween(100.0, 8_192 * 8 / 50.0 * 2);
        assertThat(seen.ttfbMs()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "/status/404, status_4xx",
        "/reset, reset",
        "/short, short_body",
        "/redirect?n=1, status_3xx",
        "/status/200, -"
    })
    void aFailedDownloadIsThroughputWithTheTypeOfItsFailure(String path, String type) {
        Measurement seen = on.measure(on.http("127.0.0.1", "/health"), on.http("127.0.0.1", path));

        if (type.equals("-")) {
            assertThat(seen.failure()).isNull();
        } else {
            assertFailed(seen, Stage.THROUGHPUT, type);
            assertThat(seen.throughputKbps()).isNull();
        }
    }

    @Test
    void aDownloadThatCannotConnectIsThroughputToo() {
        assertFailed(
                on.measure(on.http("127.0.0.1", "/health"), "http://nxdomain.test/1mb.bin"),
                Stage.THROUGHPUT,
                "nxdomain");
    }

    @Test
    void afterAFailedTimingNothingIsDownloaded() {
        int before = on.dns.questions();

        Measurement seen = on.measure(on.http("127.0.0.1", "/status/500"), on.http("good.test", "/fixed/1mb.bin"));

        assertFailed(seen, Stage.HTTP, "status_5xx");
        assertThat(on.dns.questions()).isEqualTo(before);
    }

    static void assertFailed(Measurement seen, Stage stage, String type) {
        StageFailed failure = seen.failure();
        assertThat(failure).as("%s", seen).isNotNull();
        assertThat(failure.stage() + " " + failure.type()).as(failure.detail()).isEqualTo(stage + " " + type);
    }

    private interface Serving {
        void run() throws IOException, GeneralSecurityException;
    }

    private static void inBackground(Serving serving) {
        var thread = new Thread(() -> {
            try {
                serving.run();
            } catch (IOException | GeneralSecurityException gone) {
                // What the client did with it is what the test is about.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}

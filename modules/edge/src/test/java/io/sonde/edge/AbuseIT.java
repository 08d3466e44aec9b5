package io.sonde.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not quite HTTP, or far too much of it, over a bare socket: no hang, no 500, and no request hidden in another. */
class AbuseIT {
    private static final TestEdge EDGE = TestEdge.start();
    private static final TestCertificate CERTIFICATE = TestCertificate.of("EC");

    @TempDir
    private static Path folder = Path.of("set by JUnit");

    private static final String HEAD = "POST /api/v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
            + TestEdge.ANY_CLIENT + "\r\nContent-Type: application/json\r\n";
    /** Waits a second where the other waits a minute. */
    private static final TestEdge IMPATIENT = TestEdge.serving(
            path("got", () -> get(() -> complete("got"))),
            "sonde.edge.server { idle-timeout = 1 s, request-timeout = 900 ms }");

    /** Looks like a request to whoever thinks that the one before it has ended. */
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 87\r\n\r\n[]",
                "Content-Length: 2, 87\r\n\r\n[]",
                "Content-Length: +2\r\n\r\n[]",
                "Content-Length: -2\r\n\r\n[]",
                "Content-Length: 0x2\r\n\r\n[]",
                "Content-Length: 99999999999999999999\r\n\r\n[]",
                "Content-Length : 2\r\n\r\n[]",
                "Content-Length\r\n : 2\r\n\r\n[]",
                "Transfer-Encoding : chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n[]",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n0x2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n+2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff2\r\n[]\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n[]XX0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
                "X: a\u0000b\r\nContent-Length: 2\r\n\r\n[]",
                "X\u0000: a\r\nContent-Length: 2\r\n\r\n[]",
                "X: a\rContent-Length: 90\r\nContent-Length: 2\r\n\r\n[]",
                "Host: other\r\nContent-Length: 2\r\n\r\n[]"
            })
    void aRequestWithTwoReadingsIsNotReadAtAll(String rest) throws IOException {
        String answer = exchange(HEAD + rest + HIDDEN);

        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(answer.split("HTTP/1\\.1 ", -1)).as(answer).hasSize(2);
        assertThat(EDGE.recorded).isEmpty();
    }

    @Test
    void aFoldedHeaderDoesNotHideTheLengthOfTheBody() throws IOException {
        String answer = exchange(HEAD + "X: a\r\n Content-Length: 99\r\nContent-Length: 2\r\n\r\n[]" + HIDDEN);

        assertThat(statuses(answer)).containsExactly("202", "404");
    }

    @Test
    void linesMayEndWithoutACarriageReturnAndMeanTheSame() throws IOException {
        String answer = exchange((HEAD + "Content-Length: 2\r\n\r\n").replace("\r", "") + "[]" + HIDDEN);

        assertThat(statuses(answer)).containsExactly("202", "404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "\u0016\u0003\u0001\r\n\r\n"
            })
    void otherVersionsAndProtocolsAreRefused(String request) throws IOException {
        assertThat(statuses(exchange(request + "\r\n")))
                .singleElement()
                .asString()
                .matches("4..|5(01|05)");
    }

    @Test
    void moreHeadersThanAnyoneNeedsAreRefused() throws IOException {
        assertThat(statuses(exchange("GET / HTTP/1.1\r\nHost: h\r\n" + "X: y\r\n".repeat(100) + "\r\n")))
                .containsExactly("400");
    }

    @Test
    void aHeadThatComesByteByByteIsNotWaitedFor() throws Exception {
        try (Socket socket = IMPATIENT.connect()) {
            OutputStream out = socket.getOutputStream();
            long start = System.nanoTime();
            var closed = CompletableFuture.supplyAsync(() -> endOf(socket));
            for (byte b : ("GET / HTTP/1.1\r\nX: " + "y".repeat(200)).getBytes(ISO_8859_1)) {
                if (closed.isDone()) {
                    break;
                }
                drip(out, b);
            }

            assertThat(closed.get(20, TimeUnit.SECONDS)).isEmpty();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(19));
        }
    }

    @Test
    void aBodyNobodyWantsDoesNotKeepItsConnection() throws Exception {
        try (Socket socket = IMPATIENT.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /got HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n".getBytes(ISO_8859_1));
            var answer = CompletableFuture.supplyAsync(() -> endOf(socket));
            for (int i = 0; i < 200 && !answer.isDone(); i++) {
                drip(out, (byte) 'x');
            }

            assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 ");
        }
    }

    @Test
    void anOpenConnectionServesAsLongAsRequestsCome() throws IOException {
        try (Socket socket = IMPATIENT.connect()) {
            String request = "GET /got HTTP/1.1\r\nHost: h\r\n\r\n";
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            InputStream in = socket.getInputStream();
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                assertThat((char) in.read()).isEqualTo('H');
                in.skipNBytes(in.available());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    /** As many as fit into what is read at once: pekko-http's parser calls itself for each, and has only one stack. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thousandsOfTheSmallestRequestsAtOnceAreAnsweredInTheirOrder(boolean secure) throws Exception {
        TestEdge edge = secure ? securedEdge() : EDGE;
        try (Socket socket = secure ? secured(edge) : edge.connect()) {
            OutputStream out = socket.getOutputStream();
            byte[] many = "GET / HTTP/1.1\r\nHost:h\r\n\r\n".repeat(5_000).getBytes(ISO_8859_1);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    out.write(many);
                    out.write(HIDDEN.getBytes(ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            List<String> statuses = statuses(read(socket));

            written.get(20, TimeUnit.SECONDS);
            assertThat(statuses).hasSize(5_001).containsOnly("404");
        }
    }

    @Test
    void aGibibyteOfZerosInAMebibyteOfGzipIs413() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            for (int i = 0; i < 1_000; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        assertThat(zipped.size()).isLessThan(1 << 20);

        assertThat(EDGE.post(zipped.toByteArray(), "Content-Encoding", "gzip").statusCode())
                .isEqualTo(413);
    }

    private static String exchange(String request) throws IOException {
        try (Socket socket = EDGE.connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return read(socket);
        }
    }

    /** Until the server closes, or breaks the connection off. */
    private static String read(Socket socket) throws IOException {
        var answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8_192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                answer.write(buffer, 0, n);
            }
        } catch (SocketException reset) {
            return answer.toString(ISO_8859_1);
        }
        return answer.toString(ISO_8859_1);
    }

    private static TestEdge securedEdge() throws UnusableCertificate {
        return TestEdge.with(ServerTls.open(CERTIFICATE.write(folder), Clock.systemUTC()));
    }

    private static Socket secured(TestEdge edge) throws IOException {
        Socket socket = TestCertificate.trusting(CERTIFICATE).getSocketFactory().createSocket("127.0.0.1", edge.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static List<String> statuses(String answer) {
        return Pattern.compile("HTTP/1\\.1 (\\d{3})")
                .matcher(answer)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static String endOf(Socket socket) {
        try {
            return read(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One byte, and some time; what the server has closed by then is for its reader to see. */
    private static void drip(OutputStream out, byte b) {
        try {
            out.write(b);
        } catch (IOException closed) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
}

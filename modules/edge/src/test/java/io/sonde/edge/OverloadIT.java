package io.sonde.edge;

import static io.sonde.edge.Events.array;
import static io.sonde.edge.Events.event;
import static io.sonde.edge.IngestRoutesIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Receipt;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Load over capacity: what is in hand stays within its bounds, and who is too much is told at once. */
class OverloadIT {
    private static final int MIB = 1 << 20;
    private static final String ROOM =
            "sonde.edge { max-bytes-in-flight = 2 MiB, max-batches-in-flight = 20, max-events = 20 }";

    private final ConcurrentLinkedQueue<CompletableFuture<Receipt>> waiting = new ConcurrentLinkedQueue<>();
    private final TestEdge edge = TestEdge.with(
            batch -> {
                var receipt = new CompletableFuture<Receipt>();
                waiting.add(receipt);
                return receipt;
            },
            TestEdge.settings(ROOM));

    @Test
    void p18LoadOverCapacityIsToldAtOnceAndWhatWaitsStaysBounded() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
                .mapToObj(i -> edge.postLater(event("client-" + i)))
                .toList();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> answers.stream().filter(CompletableFuture::isDone).count() == 180);

        assertThat(waiting).hasSize(20);
        answers.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .forEach(answer -> {
                    assertProblem(answer, 503, "unavailable");
                    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
                });
        assertThat(edge.counters.count("edge_overload_total{of=\"batches\"}")).isEqualTo(180);
        waiting.forEach(receipt -> receipt.complete(new Receipt(1, 0, 0, true)));
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isIn(202, 503);
        }
        assertRoomAgain();
    }

    @Test
    void aRequestTakesAllItsBatchesOrNone() {
        CompletableFuture<HttpResponse<String>> first = edge.postLater(of(15));
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.size() == 15);

        assertProblem(edge.post(of(6)), 503, "unavailable");
        CompletableFuture<HttpResponse<String>> third = edge.postLater(of(5));

        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.size() == 20);
        waiting.forEach(receipt -> receipt.completeExceptionally(new IllegalStateException("broken")));
        assertProblem(first.join(), 500, "internal");
        assertProblem(third.join(), 500, "internal");
        assertRoomAgain();
    }

    @Test
    void p18BodiesOverTheLimitOfAllRequestsAreRefused() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> held =
                List.of(edge.postLater(padded(MIB)), edge.postLater(padded(MIB - 2_000)));
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.size() == 2);

        HttpResponse<String> announced = edge.post(padded(MIB));
        HttpResponse<String> chunked = edge.send(request -> request.POST(BodyPublishers.fromPublisher(
                BodyPublishers.ofByteArray(padded(MIB).getBytes(StandardCharsets.UTF_8)))));

        assertProblem(announced, 503, "unavailable");
        assertProblem(chunked, 503, "unavailable");
        assertThat(edge.counters.count("edge_overload_total{of=\"bytes\"}")).isEqualTo(2);
        waiting.forEach(receipt -> receipt.complete(new Receipt(1, 0, 0, true)));
        for (CompletableFuture<HttpResponse<String>> answer : held) {
            assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
        assertRoomAgain();
    }

    @Test
    void bodiesThatAreAnnouncedAndDoNotComeKeepNobodyOut() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            silent.add(announce(edge, TestEdge.ANY_CLIENT, MIB));
        }

        CompletableFuture<HttpResponse<String>> honest = edge.postLater(padded(MIB));

        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.size() == 1);
        waiting.forEach(receipt -> receipt.complete(new Receipt(1, 0, 0, true)));
        assertThat(honest.join().statusCode()).isEqualTo(202);
        for (Socket socket : silent) {
            socket.close();
        }
    }

    /** A body that is nearly there, and stays so until it is too slow. */
    @Test
    void aTokenWhoseBodiesStopBeforeTheirEndKeepsNobodyElseOut() throws IOException {
        TestEdge node = TestEdge.with(
                TestEdge.settings(
                        "sonde.edge { max-bytes-in-flight = 4 MiB, max-bytes-arriving-per-token = 1 MiB, body-timeout = 60 s }"));
        List<Socket> slow = new ArrayList<>(List.of(nearlyWhole(node)));
        await().atMost(Duration.ofSeconds(20)).until(() -> streamed(node).statusCode() == 503);
        long refused = node.counters.count("edge_overload_total{of=\"token\"}");
        for (int i = 0; i < 5; i++) {
            slow.add(nearlyWhole(node));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.counters.count("edge_overload_total{of=\"token\"}") == refused + 5);

        HttpResponse<String> other = node.post(padded(MIB));

        assertThat(other.statusCode()).isEqualTo(202);
        assertThat(node.counters.count("edge_overload_total{of=\"bytes\"}")).isZero();
        for (Socket socket : slow) {
            socket.close();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.postAs(TestEdge.BERLIN, padded(MIB)).statusCode() == 202);
    }

    private void assertRoomAgain() {
        waiting.clear();
        CompletableFuture<HttpResponse<String>> all = edge.postLater(of(20));
        await().atMost(Duration.ofSeconds(10)).until(() -> waiting.size() == 20);
        waiting.forEach(receipt -> receipt.complete(new Receipt(1, 0, 0, true)));
        assertThat(all.join().statusCode()).isEqualTo(202);
    }

    private static Socket nearlyWhole(TestEdge node) throws IOException {
        Socket socket = announce(node, TestEdge.BERLIN, MIB);
        socket.getOutputStream().write(" ".repeat(MIB - 2).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static HttpResponse<String> streamed(TestEdge node) {
        return node.send(request -> request.setHeader("Authorization", "Bearer " + TestEdge.BERLIN)
                .POST(BodyPublishers.fromPublisher(
                        BodyPublishers.ofByteArray(event().getBytes(StandardCharsets.UTF_8)))));
    }

    private static Socket announce(TestEdge node, String token, int length) throws IOException {
        Socket socket = node.connect();
        OutputStream out = socket.getOutputStream();
        out.write(("POST /api/v1/events HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n[")
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String of(int clients) {
        return array(IntStream.range(0, clients).mapToObj(i -> event("c" + i)).toArray(String[]::new));
    }

    private static String padded(int length) {
        String event = event();
        return event.replaceFirst("\\{", "{" + " ".repeat(length - event.length()));
    }
}

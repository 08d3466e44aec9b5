package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Minute;
import io.sonde.testkit.Expected;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A node on the direct bus that is killed again and again while it takes events, hands windows over and projects them. */
class CrashIT {
    private static final int KILLS = Extent.times(2, 4);
    private static final int SENDERS = 4;
    private static final int LARGEST_REQUEST = 20;
    private static final int FEWEST_ANSWERS = 20;
    private static final int MORE_ANSWERS = 600;
    private static final String SILENT = "silent";
    private static final long ROW_FOLLOWS_WITHIN_MS = 10_000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
    private final ObjectMapper json = new ObjectMapper();
    private final Queue<Sent> all = new ConcurrentLinkedQueue<>();
    private final Queue<List<Sent>> unanswered = new ConcurrentLinkedQueue<>();
    private final Queue<List<Sent>> answered = new ConcurrentLinkedQueue<>();

    @Test
    @Tag("quick")
    void p4WhatIsSentUntilItIsAnsweredIsCountedOnceHoweverOftenTheNodeIsKilled() throws Exception {
        long seed = Extent.seed();
        Random random = new Random(seed);
        Sent silent = event(SILENT, Minute.startOf(System.currentTimeMillis() + ROW_FOLLOWS_WITHIN_MS + 5_000));
        offer(List.of(silent));
        for (int kill = 1; kill <= KILLS; kill++) {
            sendUntilKilled(kill, random);
        }

        try (NodeProcess node = start("restarted")) {
            sendWhatIsUnanswered(node.url());
            sendAgain(node.url());
            aWindowIsSeenWhileOpenAndStoredSoonAfterItsEnd(node.url());

            Map<String, Map<String, @Nullable Object>> expected = Expected.rows(all);
            await("what a source left open that fell silent before the first kill")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sonde.totals().containsKey(window(silent)));
            await("every window, after kills of seed " + seed)
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(sonde.totals()).isEqualTo(Expected.totals(expected)));
            assertThat(sonde.rows()).as("after kills of seed " + seed).isEqualTo(expected);
        }
    }

    /** Several senders at once, so that requests are under way when it is killed, in whatever the node is doing then. */
    private void sendUntilKilled(int number, Random random) throws Exception {
        Semaphore answers = new Semaphore(0);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (NodeProcess node = start("killed-" + number)) {
            List<Future<Integer>> ends = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                Random own = new Random(random.nextLong());
                ends.add(senders.submit(() -> sendUntilUnanswered(node.url(), own, answers)));
            }
            answers.acquire(FEWEST_ANSWERS + random.nextInt(MORE_ANSWERS));
            node.kill();
            for (Future<Integer> end : ends) {
                assertThat(end.get()).isNotNegative();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    private int sendUntilUnanswered(String node, Random random, Semaphore answers) throws Exception {
        for (int sent = 0; ; sent++) {
            if (unanswered.isEmpty()) {
                long minute = Minute.startOf(System.currentTimeMillis()) - random.nextInt(2) * Minute.LENGTH_MS;
                offer(Sent.random(random, 1 + random.nextInt(LARGEST_REQUEST), minute, false));
            }
            List<Sent> request = unanswered.poll();
            if (request != null && !isAnswered(node, request)) {
                return sent;
            }
            answers.release();
        }
    }

    private void sendWhatIsUnanswered(String node) throws Exception {
        for (List<Sent> request = unanswered.poll(); request != null; request = unanswered.poll()) {
            assertThat(isAnswered(node, request)).isTrue();
        }
    }

    /** As a sender does that was not told in time: from before and from after the kills. */
    private void sendAgain(String node) throws Exception {
        List<List<Sent>> requests = answered.stream()
                .filter(request -> !request.get(0).client().equals(SILENT))
                .toList();
        for (int i = 0; i < requests.size(); i += 10) {
            JsonNode answer = json.readTree(post(node, requests.get(i)).body());

            assertThat(answer.path("accepted").asInt()).as(answer.toString()).isZero();
        }
    }

    private void aWindowIsSeenWhileOpenAndStoredSoonAfterItsEnd(String node) throws Exception {
        long minute = Minute.startOf(System.currentTimeMillis() + ROW_FOLLOWS_WITHIN_MS / 2);
        List<Sent> events = List.of(event("live", minute), event("live", minute), event("live", minute));
        offer(events);
        sendWhatIsUnanswered(node);

        HttpResponse<String> live = sonde.get(node, "/api/v1/live?client_id=live&target=http://a/");
        assertThat(live.statusCode()).as(live.body()).isEqualTo(200);
        assertThat(json.readTree(live.body()).path("windows")).singleElement().satisfies(window -> {
            assertThat(window.path("count_total").asInt()).isEqualTo(3);
            assertThat(window.path("count_success").asInt()).isEqualTo(3);
            assertThat(window.path("sealed").asBoolean()).isFalse();
        });
        await("the row of a window that has ended")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> sonde.totals().containsKey(window(events.get(0))));
        assertThat(System.currentTimeMillis()).isLessThan(Minute.endOf(minute) + ROW_FOLLOWS_WITHIN_MS);
    }

    private void offer(List<Sent> request) {
        all.addAll(request);
        unanswered.add(request);
    }

    /** False when there was no answer: then it is to be sent again, and whether it was counted is not known. */
    private boolean isAnswered(String node, List<Sent> request) throws Exception {
        try {
            HttpResponse<String> answer = post(node, request);
            if (answer.statusCode() == 202) {
                JsonNode said = json.readTree(answer.body());
                assertThat(said.path("accepted").asInt()
                                + said.path("duplicate").asInt())
                        .as(answer.body())
                        .isEqualTo(request.size());
                answered.add(request);
                return true;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        } catch (IOException noAnswer) {
            assertThat(noAnswer).isNotNull();
        }
        unanswered.add(request);
        return false;
    }

    private HttpResponse<String> post(String node, List<Sent> request) throws Exception {
        return sonde.post(node, request.stream().map(Sent::json).collect(Collectors.joining(",", "[", "]")));
    }

    private NodeProcess start(String name) throws IOException {
        return NodeProcess.start(
                folder,
                name,
                Map.of(
                        "sonde.bus", "direct",
                        "sonde.silence", "3s",
                        "sonde.http.port", "0",
                        "sonde.database.url", "\"" + database.url() + "\"",
                        "sonde.database.user", database.user(),
                        "pekko.remote.artery.canonical.port", "0"));
    }

    private static Sent event(String client, long minute) {
        return new Sent(UUID.randomUUID(), client, "http://a/", minute, List.of(1.0, 2.0, 3.0, 4.0, 5.0), null, false);
    }

    private static String window(Sent sent) {
        return sent.client() + " " + sent.target() + " " + Minute.startOf(sent.tsMs());
    }
}

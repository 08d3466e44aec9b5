package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.core.Failpoint;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.SondeClient;
import io.sonde.testkit.StoredIncidents;
import io.sonde.testkit.WebhookReceiver;
import io.sonde.testkit.WebhookReceiver.Post;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Who has been told of what, when the node that tells is killed. */
class NotificationIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final StoredIncidents incidents = new StoredIncidents(database.dataSource());
    private final SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));
    private final ObjectMapper json = new ObjectMapper();

    /** Four fates in one run, since starting a node is what takes long. */
    @Test
    @Tag("quick")
    void sentIsNotSentAgainAndDueIsSentOnceAndSilenceSurvivesAndWhatClearedMeanwhileIsToldAsResolved()
            throws Exception {
        int later = NodeProcess.freePort();
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            Map<String, String> settings = settings(receiver.url(), WebhookReceiver.url(later));
            String cleared;
            String silence;
            try (NodeProcess node = start("killed", settings, NodeProcess.Program.NODE)) {
                silence = silence(node, "silent");
                incidents.open("a", "sent", 3);
                cleared = incidents.open("b", "cleared", 3);
                incidents.open("c", "due", 3);
                incidents.open("d", "silent", 3);
                awaitNotification(node, "sent", "sent");
                awaitNotification(node, "cleared", "sent");
                awaitNotification(node, "due", "due");
                await().atMost(SOON).until(() -> !problems(node, "silent").isEmpty());
                node.kill();
            }
            incidents.end(cleared);
            try (WebhookReceiver startedLater = WebhookReceiver.start(later);
                    NodeProcess node = start("restarted", settings, NodeProcess.Program.NODE)) {
                awaitNotification(node, "due", "sent");
                await().atMost(SOON).until(() -> receiver.posts("cleared").size() == 2);
                aLaterOneIsTold(receiver);

                assertThat(statuses(startedLater, "due")).containsExactly("firing");
                assertThat(statuses(receiver, "cleared")).containsExactly("firing", "resolved");
                assertThat(statuses(receiver, "sent")).containsExactly("firing");
                assertThat(receiver.posts("silent")).isEmpty();
                assertThat(sonde.get(node.url(), "/api/v1/silences").body()).contains(silence);
                sonde.send("DELETE", node.url(), "/api/v1/silences/" + silence, "");
                awaitNotification(node, "silent", "sent");
                assertThat(statuses(receiver, "silent")).containsExactly("firing");
            }
        }
    }

    @Test
    void aNodeKilledBetweenSendingAndMarkingSendsAgainWithTheSameKeyAndNeverAThirdTime() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start()) {
            Map<String, String> settings = settings(receiver.url(), receiver.url());
            var dying = new NodeProcess.Program(
                    NodeProcess.Program.NODE.mainClass(),
                    List.of("-Dsonde.failpoint=" + Failpoint.AFTER_SEND.code() + ":1"));
            try (NodeProcess node = start("dying", settings, dying)) {
                incidents.open("a", "twice", 3);
                await("the node dies").atMost(SOON).until(() -> !node.isAlive());
                assertThat(node.exitCode()).isEqualTo(Failpoint.EXIT_CODE);
            }
            assertThat(statuses(receiver, "twice")).containsExactly("firing");
            try (NodeProcess node = start("restarted", settings, NodeProcess.Program.NODE)) {
                awaitNotification(node, "twice", "sent");
                aLaterOneIsTold(receiver);
                node.kill();
            }
            try (NodeProcess node = start("restarted-again", settings, NodeProcess.Program.NODE)) {
                assertThat(node.isAlive()).isTrue();
                aLaterOneIsTold(receiver);

                assertThat(statuses(receiver, "twice")).containsExactly("firing", "firing");
                assertThat(receiver.posts("twice").stream().map(Post::key).distinct())
                        .hasSize(1);
            }
        }
    }

    /** One that begins and ends while nothing holds it back: what else was to be told is told by then. */
    private void aLaterOneIsTold(WebhookReceiver receiver) throws Exception {
        String target = "later-" + Instant.now();
        String incident = incidents.open("z", target, 3);
        await().atMost(SOON).until(() -> !receiver.posts(target).isEmpty());
        incidents.end(incident);
        await().atMost(SOON).until(() -> statuses(receiver, target).equals(List.of("firing", "resolved")));
    }

    private NodeProcess start(String name, Map<String, String> settings, NodeProcess.Program program)
            throws IOException {
        return NodeProcess.start(folder, name, settings, program);
    }

    /** @param urlOfDue the receiver for the target {@code due}; all else goes to the other */
    private Map<String, String> settings(String url, String urlOfDue) {
        return Map.of(
                "sonde.bus",
                "direct",
                "sonde.http.port",
                "0",
                "sonde.database.url",
                "\"" + database.url() + "\"",
                "sonde.database.user",
                database.user(),
                "pekko.remote.artery.canonical.port",
                "0",
                "sonde.problems",
                "{ look-every = 200 ms, group-wait = 1 s, retry.first = 200 ms, retry.longest = 2 s }",
                "sonde.notify.channels.hook",
                "{ type = webhook, url = \"" + url + "\" }",
                "sonde.notify.channels.other",
                "{ type = webhook, url = \"" + urlOfDue + "\" }",
                "sonde.notify.routes",
                "[{ target = due, channels = [other] }, { channels = [hook] }]");
    }

    private String silence(NodeProcess node, String target) throws Exception {
        HttpResponse<String> answer = sonde.send(
                "POST",
                node.url(),
                "/api/v1/silences",
                "{\"target\": \"" + target + "\", \"until\": \"" + Instant.now().plusSeconds(3_600) + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json.readTree(answer.body()).path("id").asText();
    }

    private void awaitNotification(NodeProcess node, String target, String state) {
        await("the notification of " + target + " is " + state)
                .atMost(SOON)
                .until(() -> problems(node, target).findValues("notifications").stream()
                        .anyMatch(all -> all.findValuesAsText("state").equals(List.of(state))));
    }

    private JsonNode problems(NodeProcess node, String target) throws Exception {
        return json.readTree(sonde.get(node.url(), "/api/v1/problems?target=" + target)
                        .body())
                .path("problems");
    }

    private static List<String> statuses(WebhookReceiver receiver, String target) {
        return receiver.posts(target).stream().map(Post::status).toList();
    }
}

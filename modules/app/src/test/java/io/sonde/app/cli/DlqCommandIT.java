package io.sonde.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.sonde.app.config.Configuration;
import io.sonde.app.problem.ExitCode;
import io.sonde.bus.JetStreamBus;
import io.sonde.bus.JetStreamSettings;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.testkit.NatsServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sonde dlq} as a person uses it, on the dead letters of a real bus. */
class DlqCommandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private volatile Said said = new Said(ExitCode.OK, "", "");
    private volatile boolean failing = true;
    private NatsServer server;
    private JetStreamBus bus;
    private String config;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = NatsServer.start();
        Path file = Files.writeString(
                folder.resolve("node.conf"),
                "sonde.bus = jetstream, sonde.nats { url = \"" + server.url() + "\", max-failures = 1 }");
        config = file.toString();
        bus = JetStreamBus.connect(
                JetStreamSettings.from(Configuration.ofFile(file).getConfig("sonde")),
                Tracing.OFF,
                Clock.systemUTC(),
                new Counters());
        bus.deliverTo(this::record);
    }

    @AfterEach
    void stop() throws Exception {
        bus.close();
        server.close();
    }

    @Test
    void whatFailedIsListedShownTriedAndReplayedWithWhatBecameOfIt() throws Exception {
        UUID id = deadLetter("berlin-1");
        deadLetter("berlin-2");

        assertThat(run("list")).isEqualTo(ExitCode.OK);
        assertThat(said.out().lines()).hasSize(3).anyMatch(line -> line.contains("berlin-2"));
        assertThat(run("list", "--source", "berlin-1", "--json")).isEqualTo(ExitCode.OK);
        assertThat(said.out())
                .containsOnlyOnce("\n")
                .contains("\"reason\":\"failed\"", "\"source\":\"berlin-1\"", "\"events\":1");
        assertThat(run("show", "--source", "berlin-1")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains(id.toString(), "\"ttfb\":42.5", "the journal is broken");
        failing = false;

        assertThat(run("replay", "--source", "berlin-1", "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains("would replay 1 events");
        assertThat(run("replay", "--source", "berlin-1")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains("0 accepted, 0 duplicate, 1 late (their window is sealed)");

        assertThat(run("list", "--json")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains("berlin-2").doesNotContain("berlin-1");
    }

    @Test
    void whatFailsAgainIsSaidAndTheExitCodeToo() throws Exception {
        deadLetter("berlin-1");

        assertThat(run("replay")).isEqualTo(ExitCode.PARTLY);
        assertThat(said.out()).contains("failed again", "the journal is broken");
    }

    @Test
    void whatCannotBeReadCannotBeReplayedOnlyDiscarded() throws Exception {
        Connection connection = Nats.connect(server.url());
        connection.jetStream().publish("telemetry.events.default.qoe", "?".getBytes(StandardCharsets.UTF_8));
        connection.close();
        awaitLetters(1);

        assertThat(run("show", "--reason", "unreadable")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains("unreadable to this version");
        assertThat(run("replay")).isEqualTo(ExitCode.PARTLY);
        assertThat(said.out()).contains("cannot be replayed");
        assertThat(run("discard", "--until", "7d", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(said.err()).contains("no dead letters like that");
        assertThat(run("discard", "--dry-run")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).contains("would discard");
        assertThat(run("discard", "--since", "1h", "--yes")).isEqualTo(ExitCode.OK);
        assertThat(run("show")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void aServerThatIsNotThereIsOneLine() throws Exception {
        server.kill();

        assertThat(run("list")).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(said.err().lines()).singleElement().asString().contains(server.url(), "is NATS there");
    }

    private CompletionStage<Receipt> record(Batch batch) {
        return failing
                ? CompletableFuture.failedFuture(new IllegalStateException("the journal is broken"))
                : CompletableFuture.completedFuture(new Receipt(0, 0, batch.replay() ? 1 : 0, true));
    }

    private UUID deadLetter(String source) throws Exception {
        run("list", "--json");
        int before = (int) said.out().lines().count();
        long now = System.currentTimeMillis();
        Sample sample = new Sample(
                UUID.randomUUID(),
                "http://a/",
                now,
                new double[] {Double.NaN, 1, 2, 42.5, Double.NaN},
                Sample.SUCCESS,
                "");
        bus.record(new Batch(new SourceId("default", "qoe", source, 0), now, Map.of(), List.of(sample), false))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        awaitLetters(before + 1);
        return sample.id();
    }

    private void awaitLetters(int number) {
        await().atMost(PATIENCE).until(() -> {
            run("list", "--json");
            return said.out().lines().count() == number;
        });
    }

    private ExitCode run(String command, String... more) {
        String[] arguments = new String[more.length + 4];
        arguments[0] = "dlq";
        arguments[1] = command;
        arguments[2] = "--config";
        arguments[3] = config;
        System.arraycopy(more, 0, arguments, 4, more.length);
        said = Said.of(arguments);
        return said.code();
    }
}

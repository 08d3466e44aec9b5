package io.sonde.views;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.SourceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The projection over a real journal, run to its end. */
class RebuildIT {
    private static final int SOURCES = 3;
    private static final Clock CLOCK =
            Clock.fixed(Instant.ofEpochMilli(Given.START_MS).plus(Duration.ofDays(30)), ZoneOffset.UTC);

    private final ReadSide readSide = new ReadSide();
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "rebuild", config());

    @AfterEach
    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatTheJournalHoldsIsInTheReadSideAndNothingElse() throws Exception {
        journal();
        readSide.write(Given.judged(
                Given.SOURCE,
                0,
                Given.window("https://not-in-the-journal.example/", Given.minute(0), 0, 1),
                Given.judgement(1),
                Given.incident(Given.SOURCE, "https://not-in-the-journal.example/", 0, 1)));

        rebuild();
        List<String> first = readSide.content("default");
        rebuild();

        assertThat(readSide.content("default")).isEqualTo(first);
        assertThat(readSide.rows("SELECT count(*), sum(revision) FROM window_1m"))
                .containsExactly("90 | 180");
        assertThat(readSide.rows("SELECT count(*) FROM window_1m WHERE updated_at > now() - INTERVAL '10 minutes'"))
                .containsExactly("90");
        assertThat(readSide.rows("SELECT version, count(*) FROM incident GROUP BY 1 ORDER BY 1"))
                .containsExactly("10 | 3", "20 | 3", "30 | 3");
        assertThat(readSide.rows("SELECT count(*) FROM diagnosis")).containsExactly("90");
        assertThat(readSide.rows("SELECT sum(revision) FROM window_1d")).containsExactly("180");
        assertThat(readSide.rows("SELECT count(*) FROM rollup_due")).containsExactly("0");
        assertThat(readSide.rows("SELECT resolution, sum(windows), sum(success) FROM overview GROUP BY 1 ORDER BY 1"))
                .containsExactly("1d | 90 | 90", "1h | 90 | 90", "1m | 90 | 90");
        assertThat(readSide.rows("SELECT count(*) FROM overview_due")).containsExactly("0");
        assertThat(readSide.rows("SELECT projection_name, projection_key FROM projection_offset_store ORDER BY 2"))
                .isEqualTo(readSide.rows(
                        "SELECT DISTINCT 'windows', 'slice-' || lpad((hashtext(persistence_id) & 15)::text, 2, '0')"
                                + " FROM diagnosis_event ORDER BY 2"));
    }

    @Test
    void whatATrimmedJournalDoesNotCoverStaysAndTheRestIsMadeAnew() throws Exception {
        journal();
        rebuild();
        List<String> covered = readSide.content("default");
        long before = Given.minute(-2 * 24 * 60);
        readSide.write(
                Given.diagnosed(Given.SOURCE, before, 1, Given.window("https://old.example/", before, 0, 1)),
                Given.judged(
                        Given.SOURCE,
                        0,
                        Given.window("https://not-in-the-journal.example/", Given.minute(0), 0, 1),
                        Given.judgement(1),
                        Given.incident(Given.SOURCE, "https://not-in-the-journal.example/", 0, 1)));
        readSide.execute("UPDATE window_1m SET success = 0 WHERE window_start >= '2025-11-20Z'");
        readSide.execute("INSERT INTO kept_from VALUES ('diagnosis', '2025-11-19 09:30Z')");

        Optional<Instant> from = rebuild();

        assertThat(from).contains(Instant.parse("2025-11-20T00:00:00Z"));
        assertThat(readSide.rows(
                        "SELECT window_start = '2025-11-18 10:00Z' FROM window_1m JOIN series USING (series_id)"
                                + " WHERE target = 'https://old.example/'"))
                .containsExactly("t");
        assertThat(readSide.rows("SELECT first_window = last_window FROM series WHERE target = 'https://old.example/'"))
                .containsExactly("t");
        assertThat(readSide.content("default"))
                .containsAll(covered)
                .noneMatch(row -> row.contains("https://not-in-the-journal.example/"));
    }

    @Test
    void whatWasMadeOfMinutesThatAreGoneStaysThoughTheJournalIsWhole() throws Exception {
        journal();
        long before = Given.minute(-2 * 24 * 60);
        readSide.write(Given.diagnosed(Given.SOURCE, before, 1, Given.window("https://old.example/", before, 0, 1)));
        readSide.execute("INSERT INTO kept_from VALUES ('window_1m', '2025-11-19Z')");

        Optional<Instant> from = rebuild();

        assertThat(from).contains(Instant.parse("2025-11-19T00:00:00Z"));
        assertThat(readSide.rows("SELECT count(*) FROM window_1m JOIN series USING (series_id)"
                        + " WHERE target = 'https://old.example/'"))
                .containsExactly("1");
    }

    @Test
    void anEmptyJournalLeavesAnEmptyReadSide() throws Exception {
        rebuild();

        assertThat(readSide.content("default")).isEmpty();
    }

    private Optional<Instant> rebuild() throws Exception {
        return new Rebuild(
                        system,
                        readSide.dataSource,
                        readSide.dataSource,
                        ViewsSettings.of(system.settings().config()))
                .run(CLOCK)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private void journal() throws Exception {
        for (int number = 0; number < SOURCES; number++) {
            SourceId source = new SourceId("default", "some", "source-" + number, 0);
            ActorRef<Journalling.Write> journal =
                    system.systemActorOf(new Journalling(source), "source-" + number, Props.empty());
            for (int minute : IntStream.range(0, 30).toArray()) {
                long startMs = Given.minute(minute);
                CompletionStage<Done> written = AskPattern.ask(
                        journal,
                        replyTo -> new Journalling.Write(
                                Given.judged(
                                                source,
                                                0,
                                                Given.window("https://a.example/", startMs, 1, minute),
                                                Given.judgement(minute, Given.verdict("dns-bound", minute)),
                                                Given.incident(source, "https://a.example/", minute / 10, minute + 1))
                                        .event(),
                                replyTo),
                        Duration.ofSeconds(10),
                        system.scheduler());
                written.toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
        }
    }

    private Config config() {
        return ConfigFactory.parseString("test-url = \"" + readSide.url() + "\"")
                .withFallback(ConfigFactory.parseResources("journal.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}

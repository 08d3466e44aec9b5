package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void aBacklogThatWaitsForTheJournalIsNeverDeadLettered() throws Exception {
        try (TestBus test = TestBus.start("redelivery-delay = 5ms, max-redelivery-delay = 20ms")) {
            AtomicBoolean away = new AtomicBoolean(true);
            AtomicInteger tries = new AtomicInteger();
            test.bus.deliverTo(test.recorder(batch -> tries.incrementAndGet() > 0 && !away.get()));
            List<Batch> sent = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                sent.add(test.send("client-" + i));
            }
            await().atMost(PATIENCE).until(() -> tries.get() > 50 * 12);

            away.set(false);

            await().atMost(PATIENCE).until(() -> test.recorded.containsAll(sent));
            assertThat(test.letters()).isEmpty();
        }
    }

    @Test
    void aSourceThatIsBrokenHoldsNeitherTheOthersNorTheWatermark() throws Exception {
        try (TestBus test = TestBus.start("")) {
            test.bus.deliverTo(test.recorder(batch -> !batch.source().source().equals("broken")));
            Batch broken = test.send("broken");

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                test.send("healthy");
                return test.bus.watermarkMs() > broken.recvTsMs();
            });

            assertThat(test.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.batch()).contains(broken);
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.FAILED);
                assertThat(letter.detail()).contains("the journal is away");
                assertThat(letter.attempts()).isGreaterThanOrEqualTo(10);
                assertThat(letter.source()).isEqualTo("broken");
                assertThat(letter.subject()).isEqualTo("telemetry.events.default.qoe");
                assertThat(letter.first()).isBefore(letter.last());
            });
        }
    }

    @Test
    void p21OfAPoisonedMessageOnlyThePoisonIsDeadLettered() throws Exception {
        try (TestBus test = TestBus.start("")) {
            Batch batch = of(3);
            UUID poison = batch.samples().get(1).id();
            test.bus.deliverTo(each -> {
                test.recorded.add(each);
                return CompletableFuture.completedFuture(
                        new Receipt(2, 0, 0, List.of(new Unrecordable(poison, "an error stage 9 of 5")), true));
            });

            test.bus.record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);

            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);
            assertThat(test.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNRECORDABLE);
                assertThat(letter.detail()).isEqualTo("an error stage 9 of 5");
                assertThat(letter.events()).isEqualTo(1);
                assertThat(letter.batch().orElseThrow().samples())
                        .extracting(Sample::id)
                        .containsExactly(poison);
            });
            Accounts accounts = test.counters.accounts();
            assertThat(accounts.sum("default", "qoe", Entry.ACCEPTED)).isEqualTo(2);
            assertThat(accounts.sum("default", "qoe", Entry.DEAD_LETTERED)).isEqualTo(1);
        }
    }

    @Test
    void aReplayKeepsIdsAndReceiptTimeSaysWhatBecameOfItAndDeletesTheLetter() throws Exception {
        try (TestBus test = TestBus.start("max-failures = 1")) {
            AtomicBoolean failing = new AtomicBoolean(true);
            List<Batch> seen = new ArrayList<>();
            test.bus.deliverTo(batch -> {
                seen.add(batch);
                return failing.get()
                        ? CompletableFuture.failedFuture(new IllegalStateException("no"))
                        : CompletableFuture.completedFuture(new Receipt(1, 0, 1, true));
            });
            Batch batch = of(2);
            test.bus.record(batch).toCompletableFuture().get(20, TimeUnit.SECONDS);
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.DEAD_LETTERS) == 1);
            long before = test.bus.watermarkMs();
            failing.set(false);

            try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(test.server))) {
                DeadLetter letter = box.find(LetterFilter.ALL, 10).get(0);
                assertThat(box.replay(letter, PATIENCE)).isEqualTo(new Outcome.Recorded(1, 0, 1, 0));
                assertThat(box.find(LetterFilter.ALL, 10)).isEmpty();
            }

            Batch replayed = seen.get(seen.size() - 1);
            assertThat(replayed.replay()).isTrue();
            assertThat(replayed.recvTsMs()).isEqualTo(batch.recvTsMs());
            assertThat(replayed.samples()).isEqualTo(batch.samples());
            assertThat(test.bus.watermarkMs()).isGreaterThanOrEqualTo(before);
            await().atMost(PATIENCE).until(() -> test.bus.watermarkMs() > batch.recvTsMs());
            Accounts accounts = test.counters.accounts();
            assertThat(accounts.sum("default", "qoe", Entry.DEAD_LETTERED)).isEqualTo(2);
            assertThat(accounts.sum("default", "qoe", Entry.RECEIVED)).isEqualTo(2);
            assertThat(accounts.sum("default", "qoe", Entry.LATE)).isEqualTo(1);
        }
    }

    @Test
    void whatFailsAgainAfterItsReplayIsADeadLetterAgainAndSaidSo() throws Exception {
        try (TestBus test = TestBus.start("max-failures = 1")) {
            test.bus.deliverTo(batch -> CompletableFuture.failedFuture(new IllegalStateException("no")));
            test.send("berlin-1");
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.DEAD_LETTERS) == 1);

            try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(test.server))) {
                DeadLetter letter = box.find(LetterFilter.ALL, 10).get(0);
                assertThat(box.replay(letter, PATIENCE)).isInstanceOf(Outcome.DeadAgain.class);
            }

            await().atMost(PATIENCE).until(() -> test.letters().size() == 1);
        }
    }

    @Test
    void whatCannotBeReadIsKeptAsItIsAndCannotBeReplayed() throws Exception {
        try (TestBus test = TestBus.start("")) {
            byte[] bytes = "?".getBytes(StandardCharsets.UTF_8);
            test.operator.jetStream().publish("telemetry.events.default.qoe", bytes);
            test.bus.deliverTo(test.recorder(batch -> true));
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);

            try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(test.server))) {
                DeadLetter letter = box.find(LetterFilter.ALL, 10).get(0);
                assertThat(letter.payload()).isEqualTo(bytes);
                assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNREADABLE);
                assertThat(letter.tenant()).isEqualTo("default");
                assertThat(letter.kind()).isEqualTo("qoe");
                assertThatThrownBy(() -> box.replay(letter, PATIENCE)).hasMessageContaining("unreadable");
                box.discard(letter);
                assertThat(box.find(LetterFilter.ALL, 10)).isEmpty();
            }
        }
    }

    @Test
    void aFullBoxLosesNoLetterAndWhatFailedGoesThereOnceThereIsRoom() throws Exception {
        try (TestBus test = TestBus.start("max-failures = 1, dead-letter-bytes = 700")) {
            test.bus.deliverTo(batch -> CompletableFuture.failedFuture(new IllegalStateException("no")));
            test.send("first");
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.DEAD_LETTERS) == 1);
            Batch second = test.send("second");
            await().pollDelay(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> test.messages(TelemetryStream.NAME) == 1);

            try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(test.server))) {
                box.discard(box.find(LetterFilter.ALL, 10).get(0));
            }

            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);
            assertThat(test.letters()).singleElement().satisfies(letter -> assertThat(letter.batch())
                    .contains(second));
        }
    }

    @Test
    void aLetterThatIsWrittenTwiceBecauseItsAcknowledgementWasLostIsThereOnce() throws Exception {
        try (TestBus test = TestBus.start("")) {
            DeadLetters letters = new DeadLetters(test.operator.jetStream(), test.counters.accounts());
            Batch batch = of(3);
            Instant at = Instant.now();
            DeadLetter letter = new DeadLetter(
                    0,
                    DeadLetter.Reason.FAILED,
                    "ünlesbar\n2",
                    10,
                    at,
                    at,
                    "telemetry.events.default.qoe",
                    "default",
                    "qoe",
                    "münchen / 1",
                    3,
                    BatchFormat.write(batch));
            MessageId id = new MessageId(7, 1_000);

            for (int i = 0; i < 2; i++) {
                letters.bury(id, letter).toCompletableFuture().get(20, TimeUnit.SECONDS);
            }

            assertThat(test.letters()).singleElement().satisfies(stored -> {
                assertThat(stored.detail()).isEqualTo(letter.detail());
                assertThat(stored.source()).isEqualTo(letter.source());
            });
            assertThat(test.counters.accounts().sum("default", "qoe", Entry.DEAD_LETTERED))
                    .isEqualTo(3);
        }
    }

    private static Batch of(int samples) {
        Batch one = BusContract.batch("berlin-1");
        List<Sample> many = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            many.add(BusContract.batch("berlin-1").samples().get(0));
        }
        return one.with(many);
    }
}

package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Sample;
import io.sonde.core.Unavailable;
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
            assertThat(sum(test, Entry.DEAD_LETTERED)).isEqualTo(2);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(sum(test, Entry.RECEIVED))
                    .as("by the replay")
                    .isEqualTo(1));
        }
    }

    @Test
    void deadAgainIsSaidOnceTheLetterIsSafe() throws Exception {
        try (TestBus test = TestBus.start("max-failures = 1, dead-letter-bytes = 700")) {
            test.bus.deliverTo(batch -> CompletableFuture.failedFuture(new IllegalStateException("no")));
            test.send("first");
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.DEAD_LETTERS) == 1);
            String inbox = test.operator.createInbox();
            Subscription outcome = test.operator.subscribe(inbox);
            test.operator
                    .jetStream()
                    .publish(
                            TelemetryStream.subject("default", "qoe"),
                            new Headers().add(Outcome.HEADER, inbox),
                            BatchFormat.write(of(1)));
            await().atMost(PATIENCE).until(() -> test.consumer().getRedelivered() > 0);
            assertThat(outcome.nextMessage(Duration.ofMillis(1))).isNull();

            try (DeadLetterBox box = DeadLetterBox.open(TestSettings.at(test.server))) {
                box.discard(box.find(LetterFilter.ALL, 10).get(0));
            }

            Message answer = outcome.nextMessage(PATIENCE);
            assertThat(answer).isNotNull();
            assertThat(Outcome.read(answer.getData())).isInstanceOf(Outcome.DeadAgain.class);
            assertThat(test.letters()).hasSize(1);
        }
    }

    /** Its acknowledgement was lost with the node that had counted it; or its sender sent it twice, and it failed before. */
    @Test
    void whatAnotherNodeMayHaveCountedIsCountedAndNamedAmongWhatMayBeCountedTwice() throws Exception {
        try (TestBus test = TestBus.start("")) {
            AtomicBoolean counted = new AtomicBoolean();
            test.bus.deliverTo(batch -> counted.getAndSet(true)
                    ? CompletableFuture.completedFuture(new Receipt(0, 1, 0, true))
                    : CompletableFuture.failedFuture(new Unavailable("no answer came back", 1, null)));

            test.send("berlin-1");

            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);
            assertThat(sum(test, Entry.DUPLICATE)).isEqualTo(1);
            assertThat(sum(test, Entry.REDELIVERED)).isEqualTo(1);
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
                assertThat(letter.attempts())
                        .as("another node may know its version")
                        .isEqualTo(10);
                assertThat(letter.first()).isBefore(letter.last());
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
            DeadLetter letter = failed(of(3));
            MessageId id = new MessageId(7, 1_000);

            for (int i = 0; i < 2; i++) {
                letters.bury(id, letter).toCompletableFuture().get(20, TimeUnit.SECONDS);
            }

            assertThat(test.letters()).singleElement().satisfies(stored -> {
                assertThat(stored.detail()).isEqualTo(letter.detail());
                assertThat(stored.source()).isEqualTo(letter.source());
                assertThat(stored.subject()).isEqualTo(letter.subject());
                assertThat(stored.tenant()).isEqualTo("a.b");
            });
            assertThat(test.counters.accounts().sum("a.b", "qoe", Entry.DEAD_LETTERED))
                    .isEqualTo(3);
        }
    }

    /** The box would not be full of them alone, the log would be too. */
    @Test
    void ofTheLettersOfASourceTheFirstAndTheTenthAreSaid() throws Exception {
        try (TestBus test = TestBus.start("");
                Logged logged = Logged.of(DeadLetters.class.getName())) {
            DeadLetters letters = new DeadLetters(test.operator.jetStream(), test.counters.accounts());

            for (int i = 1; i <= 12; i++) {
                letters.bury(new MessageId(i, 1_000), failed(of(1)))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }

            assertThat(logged.lines())
                    .satisfiesExactly(line -> assertThat(line).contains("(letter 1 of"), line -> assertThat(line)
                            .contains("(letter 10 of"));
        }
    }

    private static DeadLetter failed(Batch batch) {
        Instant at = Instant.now();
        return new DeadLetter(
                0,
                DeadLetter.Reason.FAILED,
                "ünlesbar\n2",
                10,
                at,
                at,
                TelemetryStream.subject("a.b", "qoe"),
                "a.b",
                "qoe",
                "münchen / 1",
                batch.samples().size(),
                BatchFormat.write(batch));
    }

    private static long sum(TestBus test, Entry entry) {
        return test.counters.accounts().sum("default", "qoe", entry);
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

package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import io.sonde.core.Counters;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Recorder;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import io.sonde.testkit.NatsServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was delivered, and neither comes again nor is acknowledged: nobody asks for it here, as after a killed server. */
class LeftBehindIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(31);
    private static final int MOST_FAILURES = 3;
    private static final MessageId ELSEWHERE = new MessageId(1_000_000, 1_000);

    private final Queue<Batch> recorded = new ConcurrentLinkedQueue<>();
    private final Counters counters = new Counters();
    private final Room room = new Room(2_000, 1 << 20);
    private final AheadClock clock = new AheadClock();
    private volatile Recorder recorder = this::take;
    private NatsServer server;
    private Connection nats;
    private JetStreamSettings settings;
    private TelemetryStream stream;
    private Attempts attempts;
    private LeftBehind leftBehind;

    @BeforeEach
    void start() throws Exception {
        server = NatsServer.start();
        nats = Nats.connect(server.url());
        settings = TestSettings.at(server.url(), "ack-wait = 10m, max-failures = " + MOST_FAILURES);
        stream = new TelemetryStream(nats.jetStreamManagement(), settings);
        stream.ensure();
        attempts = new Attempts(settings.deadLettering(), 2_000);
        Recording recording = new Recording(
                batch -> recorder.record(batch),
                new StreamWatermark(settings, clock),
                new DeadLetters(nats.jetStream(), counters.accounts()),
                attempts,
                counters.accounts(),
                Tracing.OFF,
                clock);
        leftBehind = new LeftBehind(stream, recording, attempts, room, settings, clock);
    }

    @AfterEach
    void stop() throws Exception {
        nats.close();
        server.close();
    }

    @Test
    void oneThatCanNeverBeRecordedIsBuriedAndHoldsNoneBehindIt() throws Exception {
        leave(batch("never"));
        List<Batch> others = leaveOthers();
        look(batch -> batch.source().source().equals("never") ? neverRecorded(batch) : take(batch));

        untilTheStreamIsEmpty();

        assertThat(recorded).containsAll(others);
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNRECORDABLE);
            assertThat(letter.source()).isEqualTo("never");
        });
        assertThat(sum(Entry.DEAD_LETTERED)).isEqualTo(1);
    }

    @Test
    void oneThatCannotBeReadIsBuriedAndHoldsNoneBehindIt() throws Exception {
        leave("?".getBytes(StandardCharsets.UTF_8));
        List<Batch> others = leaveOthers();
        look(this::take);

        untilTheStreamIsEmpty();

        assertThat(recorded).containsAll(others);
        assertThat(letters()).singleElement().satisfies(letter -> assertThat(letter.reason())
                .isEqualTo(DeadLetter.Reason.UNREADABLE));
    }

    @Test
    void oneThatFailsIsTriedAfterTheOthersAndGivenUpAtLast() throws Exception {
        leave(batch("broken"));
        List<Batch> others = leaveOthers();
        look(batch -> batch.source().source().equals("broken") ? refuse(batch) : take(batch));

        await().atMost(PATIENCE).until(() -> {
            lookLater();
            return recorded.containsAll(others);
        });
        await().atMost(PATIENCE).until(() -> {
            attempts.recorded(ELSEWHERE, batch("another").source());
            lookLater();
            return messages() == 0;
        });

        assertThat(letters()).singleElement().satisfies(letter -> assertThat(letter.reason())
                .isEqualTo(DeadLetter.Reason.FAILED));
    }

    @Test
    void whatThisNodeCountedBeforeIsCountedAsRedeliveredAlone() throws Exception {
        Batch batch = batch("berlin-1");
        leave(batch);
        look(each -> CompletableFuture.completedFuture(new Receipt(0, 1, 0, true)));
        attempts.recorded(
                StreamMessage.of(stream.firstAfter(0).orElseThrow(), 1).id(), batch.source());

        untilTheStreamIsEmpty();

        assertThat(sum(Entry.DUPLICATE)).isZero();
        assertThat(sum(Entry.REDELIVERED)).isEqualTo(1);
    }

    /** The journal is away, and each comes again every few seconds: its own delivery records it. */
    @Test
    void whatStillComesAgainIsLeftAlone() throws Exception {
        leave(batch("berlin-1"));
        look(this::take);
        MessageId id = StreamMessage.of(stream.firstAfter(0).orElseThrow(), 1).id();

        for (int i = 0; i < 100; i++) {
            attempts.came(id, clock.instant());
            lookLater();
        }

        assertThat(recorded).isEmpty();
        untilTheStreamIsEmpty();
        assertThat(recorded).hasSize(1);
    }

    @Test
    void whileTooMuchIsUnderWayNothingIsAdded() throws Exception {
        leave(batch("berlin-1"));
        look(this::take);
        room.enter(1 << 20);

        for (int i = 0; i < 100; i++) {
            lookLater();
        }

        assertThat(recorded).isEmpty();
        room.leave(1 << 20);
        untilTheStreamIsEmpty();
        assertThat(room.isEmpty()).isTrue();
    }

    private List<Batch> leaveOthers() throws Exception {
        List<Batch> others = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Batch other = batch("other-" + i);
            others.add(other);
            leave(other);
        }
        return others;
    }

    private void leave(Batch batch) throws Exception {
        leave(BatchFormat.write(batch));
    }

    private void leave(byte[] bytes) throws Exception {
        nats.jetStream().publish(TelemetryStream.subject("default", "qoe"), bytes);
        assertThat(nats.getStreamContext(TelemetryStream.NAME)
                        .getConsumerContext(TelemetryStream.CONSUMER)
                        .next(PATIENCE))
                .isNotNull();
    }

    /** For the first time. */
    private void look(Recorder to) throws Exception {
        recorder = to;
        lookLater();
    }

    private void lookLater() throws Exception {
        leftBehind.look(stream.info(), stream.consumerInfo());
        clock.aheadMs.addAndGet(BETWEEN_LOOKS.toMillis());
    }

    private void untilTheStreamIsEmpty() {
        await().atMost(PATIENCE).until(() -> {
            lookLater();
            return messages() == 0;
        });
    }

    private CompletableFuture<Receipt> take(Batch batch) {
        recorded.add(batch);
        return CompletableFuture.completedFuture(new Receipt(1, 0, 0, true));
    }

    private static CompletableFuture<Receipt> neverRecorded(Batch batch) {
        Unrecordable sample = new Unrecordable(batch.samples().get(0).id(), "an error stage 9 of 5");
        return CompletableFuture.completedFuture(new Receipt(0, 0, 0, List.of(sample), true));
    }

    private static CompletableFuture<Receipt> refuse(Batch batch) {
        return CompletableFuture.failedFuture(new Unavailable(batch.source() + " is broken", 1, null));
    }

    private static Batch batch(String source) {
        return BusContract.batch(source);
    }

    private long messages() throws Exception {
        return stream.info().getStreamState().getMsgCount();
    }

    private List<DeadLetter> letters() throws Exception {
        try (DeadLetterBox box = DeadLetterBox.open(settings)) {
            return box.find(LetterFilter.ALL, 100);
        }
    }

    private long sum(Entry entry) {
        return counters.accounts().sum("default", "qoe", entry);
    }
}

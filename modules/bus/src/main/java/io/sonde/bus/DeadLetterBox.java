package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.sonde.core.Batch;
import io.sonde.core.BatchFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The dead letters, for the person who decides what becomes of them. */
public final class DeadLetterBox implements AutoCloseable {
    private final Connection connection;
    private final JetStream jetStream;
    private final JetStreamManagement management;

    private DeadLetterBox(Connection connection, JetStream jetStream, JetStreamManagement management) {
        this.connection = connection;
        this.jetStream = jetStream;
        this.management = management;
    }

    /** @throws JetStreamApiException with error code 404 when no node has made the streams yet */
    public static DeadLetterBox open(JetStreamSettings settings)
            throws IOException, InterruptedException, JetStreamApiException {
        Connection connection = NatsConnection.open(settings);
        try {
            JetStreamManagement management = connection.jetStreamManagement();
            management.getStreamInfo(TelemetryStream.DEAD_LETTERS);
            JetStream jetStream = connection.jetStream(JetStreamOptions.builder()
                    .requestTimeout(settings.publishing().timeout())
                    .build());
            return new DeadLetterBox(connection, jetStream, management);
        } catch (IOException | JetStreamApiException e) {
            connection.close();
            throw e;
        }
    }

    /** The oldest first, at most {@code limit}. */
    public List<DeadLetter> find(LetterFilter filter, int limit) throws IOException, JetStreamApiException {
        List<DeadLetter> found = new ArrayList<>();
        walk(letter -> {
            if (filter.takes(letter)) {
                found.add(letter);
            }
            return found.size() < limit;
        });
        return found;
    }

    /**
     * Puts a batch back into the stream, marked as a replay and with the time of its first receipt, and deletes its
     * letter once the stream has it.
     *
     * @param patience how long to wait for what becomes of it
     * @throws IllegalArgumentException when this version cannot read it
     */
    public Outcome replay(DeadLetter letter, Duration patience)
            throws IOException, JetStreamApiException, InterruptedException {
        Batch batch = letter.batch()
                .orElseThrow(() -> new IllegalArgumentException(
                        "letter " + letter.id() + " is unreadable to this version: " + letter.detail()));
        Batch replay = new Batch(batch.source(), batch.recvTsMs(), batch.attributes(), batch.samples(), true);
        String inbox = connection.createInbox();
        Subscription outcome = connection.subscribe(inbox);
        try {
            Headers headers = new Headers()
                    .add(Outcome.HEADER, inbox)
                    .add(DeadLetter.EVENTS, Integer.toString(batch.samples().size()));
            jetStream.publish(
                    TelemetryStream.subject(
                            batch.source().tenant(), batch.source().kind()),
                    headers,
                    BatchFormat.write(replay));
            discard(letter);
            Message answer = outcome.nextMessage(patience);
            return answer == null ? new Outcome.Unknown() : Outcome.read(answer.getData());
        } finally {
            outcome.unsubscribe();
        }
    }

    /** Deletes a letter for ever. */
    public void discard(DeadLetter letter) throws IOException, JetStreamApiException {
        management.deleteMessage(TelemetryStream.DEAD_LETTERS, letter.id(), false);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void walk(Predicate<DeadLetter> goOn) throws IOException, JetStreamApiException {
        Optional<MessageInfo> next = after(0);
        while (next.isPresent() && goOn.test(DeadLetter.read(next.get()))) {
            next = after(next.get().getSeq());
        }
    }

    private Optional<MessageInfo> after(long id) throws IOException, JetStreamApiException {
        return TelemetryStream.next(management, TelemetryStream.DEAD_LETTERS, id, TelemetryStream.ALL_DEAD_LETTERS);
    }
}

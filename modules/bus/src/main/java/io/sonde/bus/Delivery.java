package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of one incarnation of the stream, each to its recording, and its acknowledgement back: acknowledged when
 * recorded or safe among the dead letters, delivered again otherwise.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private final Connection connection;
    private final Recording recording;
    private final Attempts attempts;
    private final Room room;
    private final Clock clock;
    private final AtomicBoolean over = new AtomicBoolean();

    Delivery(Connection connection, Recording recording, Attempts attempts, Room room, Clock clock) {
        this.connection = connection;
        this.recording = recording;
        this.attempts = attempts;
        this.room = room;
        this.clock = clock;
    }

    /** Waits while too much is under way, so that the client does not fetch more. */
    void deliver(Message message) throws InterruptedException {
        StreamMessage taken = StreamMessage.of(message);
        attempts.came(taken.id(), clock.instant());
        int size = taken.data().length;
        room.enter(size);
        var unused = recording.record(taken).whenComplete((end, failure) -> {
            try {
                settle(message, end);
            } finally {
                room.leave(size);
            }
        });
    }

    /**
     * The stream that these messages came from is gone. In the next one their sequence numbers are those of other
     * messages, and an acknowledgement would be theirs.
     */
    void end() {
        over.set(true);
    }

    /** @param end null when recording it ended in a fault; then it comes again after its ack-wait */
    private void settle(Message message, Recording.@Nullable End end) {
        if (end instanceof Recording.Safe safe) {
            attempts.gone(MessageId.of(message));
            toServer(message::ack);
            answer(message, safe.outcome());
        } else if (end instanceof Recording.Again again) {
            again(message, again.delay());
        }
    }

    private void again(Message message, Duration delay) {
        toServer(() -> message.nakWithDelay(delay));
    }

    /** What the server is not told, because it is away, it finds out by its ack-wait. */
    private void toServer(Runnable said) {
        if (over.get()) {
            return;
        }
        try {
            said.run();
        } catch (IllegalStateException disconnected) {
            LOG.debug("an acknowledgement was not sent", disconnected);
        }
    }

    private void answer(Message message, Outcome outcome) {
        Headers headers = message.getHeaders();
        String to = headers == null ? null : headers.getFirst(Outcome.HEADER);
        if (to != null) {
            toServer(() -> connection.publish(to, outcome.bytes()));
        }
    }
}

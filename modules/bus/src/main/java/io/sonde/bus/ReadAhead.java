package io.sonde.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.sonde.core.Receipt;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether recording works at all when nothing but failing batches may be delivered any more: then no other
 * batch is recorded that would tell, and it would stay so for ever. Records one of the batches behind them, which is not
 * acknowledged by that; its delivery then counts nothing twice.
 */
final class ReadAhead {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);
    private static final Receipt NOTHING = new Receipt(0, 0, 0, false);

    private final TelemetryStream stream;
    private final Attempts attempts;
    private final Recording recording;
    private final int maxAckPending;
    private long recordedBefore;
    private long cursor;

    ReadAhead(TelemetryStream stream, Attempts attempts, Recording recording, int maxAckPending) {
        this.stream = stream;
        this.attempts = attempts;
        this.recording = recording;
        this.maxAckPending = maxAckPending;
    }

    /** At each look; another batch each time, for the first ones may be of failing sources too. */
    void look(ConsumerInfo info) throws IOException, JetStreamApiException {
        long recorded = attempts.recorded();
        boolean nothingWasRecorded = recorded == recordedBefore;
        recordedBefore = recorded;
        if (!nothingWasRecorded
                || !attempts.areThere()
                || info.getNumPending() == 0
                || info.getNumAckPending() < maxAckPending) {
            return;
        }
        Optional<MessageInfo> ahead =
                stream.firstAfter(Math.max(cursor, info.getDelivered().getStreamSequence()));
        cursor = ahead.map(MessageInfo::getSeq).orElse(0L);
        if (ahead.isPresent()) {
            tryOut(ahead.get());
        }
    }

    private void tryOut(MessageInfo ahead) {
        var unused = recording.recordAhead(StreamMessage.of(ahead, 1)).exceptionally(failure -> {
            LOG.debug("message {} is not recorded ahead of its turn", ahead.getSeq(), failure);
            return NOTHING;
        });
    }
}

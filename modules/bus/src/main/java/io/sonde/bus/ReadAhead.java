package io.sonde.bus;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.sonde.core.BatchFormat;
import io.sonde.core.Recorder;
import io.sonde.core.UnreadableFormat;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether recording works at all when nothing but failing batches may be delivered any more: then no other
 * batch is recorded that would tell, and it would stay so for ever. Records one of the batches behind them, which is not
 * acknowledged by that and comes again as a duplicate.
 */
final class ReadAhead {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    private final TelemetryStream stream;
    private final Attempts attempts;
    private final int maxAckPending;
    private long recordedBefore;
    private long cursor;

    ReadAhead(TelemetryStream stream, Attempts attempts, int maxAckPending) {
        this.stream = stream;
        this.attempts = attempts;
        this.maxAckPending = maxAckPending;
    }

    /** At each look; another batch each time, for the first ones may be of failing sources too. */
    void look(ConsumerInfo info, Recorder recorder) throws IOException, JetStreamApiException {
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
            tryOut(ahead.get(), recorder);
        }
    }

    private void tryOut(MessageInfo ahead, Recorder recorder) {
        try {
            var unused = recorder.record(BatchFormat.read(ahead.getData())).thenRun(attempts::recordedAnother);
        } catch (UnreadableFormat | IllegalArgumentException e) {
            LOG.debug("message {} is unreadable", ahead.getSeq(), e);
        }
    }
}

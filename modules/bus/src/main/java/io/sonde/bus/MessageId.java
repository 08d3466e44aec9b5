package io.sonde.bus;

import io.nats.client.Message;
import io.nats.client.impl.NatsJetStreamMetaData;

/**
 * One message of the stream, across deliveries and nodes. Its sequence number alone would name another message once the
 * stream was lost and made anew.
 */
record MessageId(long sequence, long storedMs) {
    static MessageId of(Message message) {
        NatsJetStreamMetaData meta = message.metaData();
        return new MessageId(meta.streamSequence(), meta.timestamp().toInstant().toEpochMilli());
    }

    @Override
    public String toString() {
        return sequence + "@" + storedMs;
    }
}

package io.sonde.bus;

import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as the stream holds it, however it came here.
 *
 * @param headers null when it has none
 * @param times how often it was brought to a node so far, this time too
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes of one message, never compared
record StreamMessage(MessageId id, String subject, @Nullable Headers headers, byte[] data, long times) {
    private static final byte[] EMPTY = {};

    static StreamMessage of(Message message) {
        return new StreamMessage(
                MessageId.of(message),
                message.getSubject(),
                message.getHeaders(),
                message.getData(),
                message.metaData().deliveredCount());
    }

    static StreamMessage of(MessageInfo info, long times) {
        byte[] data = info.getData();
        return new StreamMessage(
                new MessageId(info.getSeq(), info.getTime().toInstant().toEpochMilli()),
                String.valueOf(info.getSubject()),
                info.getHeaders(),
                data == null ? EMPTY : data,
                times);
    }
}

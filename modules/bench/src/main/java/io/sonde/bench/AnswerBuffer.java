package io.sonde.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What has come of an answer over HTTP/1.1. */
final class AnswerBuffer {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "\r\ncontent-length:";

    private ByteBuffer in = ByteBuffer.allocate(8_192);

    void clear() {
        in.clear();
    }

    /** Reads what is there. */
    void read(ReadableByteChannel channel) throws IOException {
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(2 * in.capacity()).put(in.flip());
        }
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection in mid-answer");
        }
    }

    /** Whether what has come ends like this. */
    boolean endsWith(byte[] tail) {
        int from = in.position() - tail.length;
        return from > 0 && Arrays.equals(in.array(), from, in.position(), tail, 0, tail.length);
    }

    /** The empty line that ends the head, and the body, of an answer that is complete. */
    byte[] tail() {
        return Arrays.copyOfRange(in.array(), endOfHead(), in.position());
    }

    /** Empty while it is not complete. */
    Optional<Dialect.Answer> answer() {
        int headEnd = endOfHead();
        if (headEnd < 0) {
            return Optional.empty();
        }
        String head = new String(in.array(), 0, headEnd + 2, StandardCharsets.ISO_8859_1);
        int bodyAt = headEnd + END_OF_HEAD.length;
        int end = bodyAt + length(head);
        if (in.position() < end) {
            return Optional.empty();
        }
        int status = Integer.parseInt(head, 9, 12, 10);
        String body = new String(in.array(), bodyAt, end - bodyAt, StandardCharsets.UTF_8);
        return Optional.of(new Dialect.Answer(status, body));
    }

    private int endOfHead() {
        for (int at = 0; at + END_OF_HEAD.length <= in.position(); at++) {
            if (Arrays.equals(in.array(), at, at + END_OF_HEAD.length, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return at;
            }
        }
        return -1;
    }

    /** 0 where it does not say, as a 204 does. */
    private static int length(String head) {
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            return 0;
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }
}

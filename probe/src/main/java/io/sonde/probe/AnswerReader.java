package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one HTTP/1.1 answer off a connection that serves no second one: head, then body in any framing (RFC 9112 §6). */
final class AnswerReader {
    private static final int HEAD_LIMIT = 64 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9a-fA-F]{1,15})\\s*(?:;.*)?");
    private static final long UNTIL_CLOSED = -1;
    private static final long CHUNKED = -2;

    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int limit;
    private int headLeft = HEAD_LIMIT;
    private long framing = UNTIL_CLOSED;

    AnswerReader(InputStream in) {
        this.in = in;
    }

    /** Waits until something came; the end of the connection is {@code closed}. */
    void awaitFirstByte() throws IOException, StageFailed {
        if (!fill()) {
            throw failed("closed", "the connection was closed before an answer");
        }
    }

    /** @return the status; informational answers before it are skipped (RFC 9110 §15.2) */
    int readHead() throws IOException, StageFailed {
        int status;
        do {
            status = statusOf(line());
            readHeaders(status);
        } while (status < 200);
        return status;
    }

    /** Reads the body to its end, or until {@code most} bytes were counted. */
    void readBody(BodyCount count, long most) throws IOException, StageFailed {
        if (framing == CHUNKED) {
            readChunks(count, most);
        } else if (framing == UNTIL_CLOSED) {
            while (count.bytes() < most && (position < limit || fill())) {
                take(count, limit - position);
            }
        } else {
            readPiece(count, framing, most);
        }
    }

    private void readChunks(BodyCount count, long most) throws IOException, StageFailed {
        while (count.bytes() < most) {
            headLeft = HEAD_LIMIT;
            Matcher size = CHUNK_SIZE.matcher(line());
            if (!size.matches()) {
                throw failed("protocol", "the size of a chunk is not a hexadecimal number");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                return;
            }
            readPiece(count, length, most);
            if (count.bytes() < most && !line().isEmpty()) {
                throw failed("protocol", "a chunk is longer than its size says");
            }
        }
    }

    private void readPiece(BodyCount count, long length, long most) throws IOException, StageFailed {
        long left = length;
        while (left > 0 && count.bytes() < most) {
            if (position == limit && !fill()) {
                throw failed("short_body", "the connection was closed after " + count.bytes() + " bytes of the body");
            }
            left -= take(count, (int) Math.min(left, limit - position));
        }
    }

    private int take(BodyCount count, int length) {
        position += length;
        count.add(length);
        return length;
    }

    private void readHeaders(int status) throws IOException, StageFailed {
        String length = null;
        String encoding = null;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw failed("protocol", "a header has no name");
            }
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = agreed(length, value);
                case "transfer-encoding" -> encoding = encoding == null ? value : encoding + ", " + value;
                default -> {}
            }
        }
        framing = framing(status, length, encoding);
    }

    private static String agreed(@Nullable String before, String value) throws StageFailed {
        if (before != null && !before.equals(value)) {
            throw failed("protocol", "Content-Length is both " + before + " and " + value);
        }
        return value;
    }

    private static long framing(int status, @Nullable String length, @Nullable String encoding) throws StageFailed {
        if (status == 204 || status == 304 || status < 200) {
            return 0;
        }
        if (encoding != null) {
            // Without chunks as the last coding only the end of the connection ends the body (RFC 9112 §6.3).
            return encoding.toLowerCase(Locale.ROOT).endsWith("chunked") ? CHUNKED : UNTIL_CLOSED;
        }
        if (length == null) {
            return UNTIL_CLOSED;
        }
        if (!length.matches("\\d{1,18}")) {
            throw failed("protocol", "Content-Length is not a number: " + length);
        }
        return Long.parseLong(length);
    }

    private static int statusOf(String line) throws StageFailed {
        Matcher status = STATUS_LINE.matcher(line);
        if (!status.matches()
                || status.group(1).equals("101")
                || status.group(1).charAt(0) == '0') {
            throw failed("protocol", "the answer does not begin as HTTP/1.1 does");
        }
        return Integer.parseInt(status.group(1));
    }

    private String line() throws IOException, StageFailed {
        var line = new StringBuilder();
        while (true) {
            if (position == limit && !fill()) {
                throw failed(
                        framing == CHUNKED ? "short_body" : "closed",
                        "the connection was closed in the middle of the answer");
            }
            char next = (char) (buffer[position++] & 0xFF);
            if (next == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (--headLeft < 0) {
                throw failed("protocol", "the head is longer than " + HEAD_LIMIT + " bytes");
            }
            line.append(next);
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private static StageFailed failed(String type, String detail) {
        return new StageFailed(Stage.HTTP, type, detail);
    }
}

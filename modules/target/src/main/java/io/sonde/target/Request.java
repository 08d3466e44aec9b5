package io.sonde.target;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The first line of a request; its headers are read and forgotten. */
record Request(String method, String path, String query) {
    private static final int HEAD_LIMIT = 8 * 1024;

    /** Empty when it is not HTTP/1.x or its head is longer than 8 KiB. */
    static Optional<Request> read(InputStream in) throws IOException {
        byte[] head = new byte[HEAD_LIMIT];
        int length = 0;
        while (!endsWithEmptyLine(head, length)) {
            if (length == HEAD_LIMIT) {
                return Optional.empty();
            }
            // Byte for byte, so that nothing after the head is swallowed; the stream below is buffered.
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed before a whole request");
            }
            head[length++] = (byte) next;
        }
        return parse(new String(head, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** A number in the query, or {@code otherwise} when it is not there. */
    int number(String name, int otherwise) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Integer.parseInt(pair.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    private static Optional<Request> parse(String head) {
        String[] words = head.lines().findFirst().orElse("").split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
            return Optional.empty();
        }
        int mark = words[1].indexOf('?');
        return Optional.of(
                mark < 0
                        ? new Request(words[0], words[1], "")
                        : new Request(words[0], words[1].substring(0, mark), words[1].substring(mark + 1)));
    }

    private static boolean endsWithEmptyLine(byte[] head, int length) {
        return length >= 2
                && head[length - 1] == '\n'
                && (head[length - 2] == '\n' || (length >= 4 && head[length - 2] == '\r' && head[length - 3] == '\n'));
    }
}

package io.sonde.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One kept-alive HTTP/1.1 connection with one request at a time: so lean that what is measured is the node. */
final class Connection implements AutoCloseable {
    private static final int TIMEOUT_MS = 30_000;
    private static final String LENGTH = "\r\ncontent-length:";

    private final Socket socket;
    private byte[] buffer = new byte[8_192];
    private int filled;

    private Connection(Socket socket) {
        this.socket = socket;
    }

    static Connection open(URI node) throws IOException {
        return open(node, TIMEOUT_MS);
    }

    /** @param timeoutMs to connect, and again for each part of an answer */
    static Connection open(URI node, int timeoutMs) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setSoTimeout(timeoutMs);
            socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), timeoutMs);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new Connection(socket);
    }

    record Answer(int status, String body) {}

    Answer send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        filled = 0;
        int bodyAt = readHead();
        String head = new String(buffer, 0, bodyAt, StandardCharsets.ISO_8859_1);
        int end = bodyAt + length(head);
        while (filled < end) {
            fill();
        }
        int status = Integer.parseInt(head, 9, 12, 10);
        return new Answer(status, new String(buffer, bodyAt, end - bodyAt, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Where the body begins. */
    private int readHead() throws IOException {
        int looked = 0;
        while (true) {
            fill();
            for (; looked + 4 <= filled; looked++) {
                if (buffer[looked] == '\r'
                        && buffer[looked + 1] == '\n'
                        && buffer[looked + 2] == '\r'
                        && buffer[looked + 3] == '\n') {
                    return looked + 4;
                }
            }
        }
    }

    private void fill() throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        InputStream in = socket.getInputStream();
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException("the node closed the connection in mid-answer");
        }
        filled += read;
    }

    private static int length(String head) throws IOException {
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("an answer without Content-Length: " + head);
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }
}

package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A WebSocket by hand: reads only when it is told to, and answers no ping by itself. */
final class RawStream implements AutoCloseable {
    private static final int TEXT = 0x81;
    private static final int PONG = 0x8A;
    private static final int PONG_EVERY_MS = 200;
    private static final int READ_LIMIT_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private RawStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** @param receiveBuffer how much the kernel takes for it before it reads, about, in bytes */
    static RawStream open(Node node, String token, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(READ_LIMIT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.httpPort()));
        RawStream stream = new RawStream(socket);
        stream.out.write(
                """
                GET /api/v1/stream HTTP/1.1
                Host: 127.0.0.1
                Authorization: Bearer %s
                Connection: Upgrade
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """
                        .formatted(token)
                        .replace("\n", "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(stream.head()).startsWith("HTTP/1.1 101 ");
        return stream;
    }

    void send(String text) throws IOException {
        sendFrame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says from now on that it is there, whether it reads or not. */
    void staysThere() {
        Thread saying = new Thread(() -> {
            try {
                while (true) {
                    sendFrame(PONG, new byte[0]);
                    Thread.sleep(PONG_EVERY_MS);
                }
            } catch (IOException | InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        saying.setDaemon(true);
        saying.start();
    }

    /** @param first FIN, reserved bits and opcode */
    synchronized void sendFrame(int first, byte[] data) throws IOException {
        byte[] frame = new byte[data.length + 8];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | 126);
        frame[2] = (byte) (data.length >> 8);
        frame[3] = (byte) data.length;
        // The mask of the next four bytes is 0.
        System.arraycopy(data, 0, frame, 8, data.length);
        out.write(frame);
        out.flush();
    }

    /** False when it was ended before. */
    boolean readUntil(String text) throws IOException {
        try {
            while (true) {
                if (frame().contains(text)) {
                    return true;
                }
            }
        } catch (EOFException | SocketException ended) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String frame() throws IOException {
        in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new String(in.readNBytes(Math.toIntExact(length)), StandardCharsets.UTF_8);
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }
}

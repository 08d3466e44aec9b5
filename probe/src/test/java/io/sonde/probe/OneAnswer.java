package io.sonde.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that answers every connection with the same bytes, whatever it was asked, and closes it. */
final class OneAnswer implements AutoCloseable {
    private final ServerSocket server;

    OneAnswer(String answer) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var thread = new Thread(() -> serve(answer.getBytes(StandardCharsets.ISO_8859_1)), "one-answer");
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(byte[] answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                if (in.read(new byte[4096]) > 0) {
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException e) {
                // The client went away, or the test is over.
            }
        }
    }
}

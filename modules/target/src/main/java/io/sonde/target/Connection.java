package io.sonde.target;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** One connection: one request, one answer or fault, and its end. */
final class Connection {
    private static final String BINARY_HEAD =
            String.join("\r\n", "HTTP/1.1 200 OK", "Connection: close", "Content-Type: application/octet-stream", "");
    private static final int PIECE = 8 * 1024;
    private static final int PIECES_DRAINED = 8;

    private final Socket raw;
    private final OutputStream out;
    private final boolean headOnly;
    private final Throttle throttle;

    private Connection(Socket raw, OutputStream out, boolean headOnly, int kbps) {
        this.raw = raw;
        this.out = out;
        this.headOnly = headOnly;
        this.throttle = new Throttle(out, kbps);
    }

    /** @param raw below TLS, for the faults that are none of its business; the same as {@code socket} without TLS */
    static void answer(Socket raw, Socket socket, Admin admin) throws IOException, InterruptedException {
        Optional<Request> request = Request.read(new BufferedInputStream(socket.getInputStream()));
        boolean headOnly = request.isPresent() && request.get().method().equals("HEAD");
        if (request.isPresent() && Admin.isFor(request.get())) {
            var connection = new Connection(raw, socket.getOutputStream(), headOnly, Delays.NONE.kbps());
            connection.administer(request.get(), admin, socket == raw);
        } else {
            Delays delays = admin.delays();
            Thread.sleep(delays.ttfbMs());
            new Connection(raw, socket.getOutputStream(), headOnly, delays.kbps()).visit(request);
        }
        end(raw, socket);
    }

    private void administer(Request request, Admin admin, boolean plain) throws IOException, InterruptedException {
        if (plain) {
            Admin.Reply reply = admin.answer(request, raw.getInetAddress());
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            whole(reply.status(), reply.type(), body, "Allow: GET, PUT, DELETE");
        } else {
            text(404, Admin.PATH + " is at the plain HTTP port");
        }
    }

    private void visit(Optional<Request> request) throws IOException, InterruptedException {
        if (request.isEmpty()) {
            text(400, "this is an HTTP/1.1 server for requests with a head of up to 8 KiB");
        } else if (!headOnly && !request.get().method().equals("GET")) {
            text(405, "only GET and HEAD");
        } else {
            Paths.answer(request.get(), this);
        }
    }

    private static void end(Socket raw, Socket socket) throws IOException {
        // Half-close and read to the end: closing with unread input would reset the connection under the answer.
        if (!raw.isClosed() && socket == raw) {
            raw.shutdownOutput();
            drain(raw);
        } else {
            socket.close();
        }
    }

    void text(int status, String body, String... headers) throws IOException, InterruptedException {
        whole(status, "text/plain; charset=utf-8", (body + "\n").getBytes(StandardCharsets.UTF_8), headers);
    }

    void whole(int status, String type, byte[] body, String... headers) throws IOException, InterruptedException {
        boolean bodiless = status == 204 || status == 304;
        var head = new StringBuilder("HTTP/1.1 " + status + " " + Status.phrase(status) + "\r\n");
        head.append("Connection: close\r\nCache-Control: no-store\r\n");
        if (!bodiless) {
            head.append("Content-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        if (bodiless || headOnly) {
            raw(start);
        } else if (throttle.isOpen()) {
            byte[] answer = Arrays.copyOf(start, start.length + body.length);
            System.arraycopy(body, 0, answer, start.length, body.length);
            raw(answer);
        } else {
            raw(start);
            body(body);
        }
    }

    /** Announces {@code announced} bytes of body and sends those of {@code sent}. */
    void announce(int announced, byte[] sent) throws IOException, InterruptedException {
        raw(BINARY_HEAD + "Content-Length: " + announced + "\r\n\r\n");
        body(sent);
    }

    void chunked(byte[] body) throws IOException, InterruptedException {
        raw(BINARY_HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        if (headOnly) {
            return;
        }
        for (int from = 0; from < body.length; from += PIECE) {
            int length = Math.min(PIECE, body.length - from);
            raw(Integer.toHexString(length) + "\r\n");
            throttle.write(body, from, length);
            raw("\r\n");
        }
        raw("0\r\n\r\n");
    }

    void body(byte[] piece) throws IOException, InterruptedException {
        throttle.write(piece, 0, piece.length);
    }

    void raw(String text) throws IOException {
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** RST: linger 0 makes close throw away what is unsent and reset the connection (RFC 9293 §3.10.7). */
    void reset() throws IOException {
        raw.setSoLinger(true, 0);
        raw.close();
    }

    /** FIN without another byte, also without TLS's close_notify. */
    void end() throws IOException {
        raw.close();
    }

    private static void drain(Socket socket) throws IOException {
        byte[] unread = new byte[PIECE];
        int left = PIECES_DRAINED;
        while (left > 0 && socket.getInputStream().read(unread) >= 0) {
            left--;
        }
    }
}

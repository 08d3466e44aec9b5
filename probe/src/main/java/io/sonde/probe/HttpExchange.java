package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The HTTP stage: one GET, from the request written to the first byte of the answer, and then what is left of it. */
record HttpExchange(Deadlines deadlines, Duration limit, long bodyLimit) {
    private static final String HEADERS = String.join(
            "\r\n",
            "User-Agent: sonde-probe",
            "Accept: */*",
            "Accept-Encoding: identity",
            "Cache-Control: no-cache, no-store",
            "Connection: close",
            "",
            "");

    /** Sends the request and waits for the answer's first byte; the rest is {@link #finish}'s. */
    Timed<AnswerReader> begin(Socket raw, Socket socket, TargetUrl url) throws StageFailed {
        byte[] request = request(url);
        try {
            var reader = new AnswerReader(socket.getInputStream());
            return deadlines.within(limit, raw, () -> {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
                long start = System.nanoTime();
                reader.awaitFirstByte();
                return Timed.since(start, reader);
            });
        } catch (IOException e) {
            throw StageFailed.of(Stage.HTTP, e);
        }
    }

    /** Reads head and body. @return the status, under 400 */
    int finish(Socket raw, AnswerReader reader) throws StageFailed {
        try {
            return deadlines.within(limit, raw, () -> {
                int status = successful(reader.readHead());
                reader.readBody(new BodyCount(), bodyLimit);
                return status;
            });
        } catch (IOException e) {
            throw StageFailed.of(Stage.HTTP, e);
        }
    }

    static int successful(int status) throws StageFailed {
        if (status >= 400) {
            throw new StageFailed(Stage.HTTP, status >= 500 ? "status_5xx" : "status_4xx", "status " + status);
        }
        return status;
    }

    private static byte[] request(TargetUrl url) {
        String head = "GET " + url.path() + " HTTP/1.1\r\nHost: " + url.authority() + "\r\n" + HEADERS;
        return head.getBytes(StandardCharsets.UTF_8);
    }
}

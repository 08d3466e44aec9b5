package io.sonde.target;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** What the test target answers on which path. */
final class Paths {
    static final int FIXED_BYTES = 1024 * 1024;

    private static final String HINT =
            """
            The test target answers GET and HEAD on:
              /health              at once
              /slow?ms=N           after N ms, up to 60000
              /fixed/1mb.bin       exactly 1,048,576 bytes that do not compress
              /chunked             the same in chunks
              /drip?ms=N           the same in 128 pieces with N ms between them, up to 60000
              /status/CODE         with that status, 200 to 599
              /redirect?n=K        redirects K times, then /health
              /reset               resets the connection in the middle of the body
              /short               ends the connection in the middle of the body
              /close               ends the connection without an answer
              /garbage             something that is not HTTP
            and from its own machine /admin/delays, where GET, PUT and DELETE are about delays of all of these.""";
    private static final int WAIT_LIMIT_MS = 60_000;
    private static final int PIECES = 128;
    private static final String BINARY = "application/octet-stream";
    private static final byte[] FIXED = new byte[FIXED_BYTES];

    static {
        // A fixed seed: the object is the same after every restart, as a fixed object should be.
        new Random(20_260_101).nextBytes(FIXED);
    }

    private Paths() {}

    static void answer(Request request, Connection connection) throws IOException, InterruptedException {
        try {
            switch (request.path()) {
                case "/health" -> connection.text(200, "ok");
                case "/slow" -> slow(request, connection);
                case "/fixed/1mb.bin" -> connection.whole(200, BINARY, FIXED);
                case "/chunked" -> connection.chunked(FIXED);
                case "/drip" -> drip(request, connection);
                case "/redirect" -> redirect(request, connection);
                case "/reset" -> halfOfTheBody(connection).reset();
                case "/short" -> halfOfTheBody(connection).end();
                case "/close" -> connection.end();
                case "/garbage" -> connection.raw("this is not HTTP\r\n\r\n");
                default -> other(request.path(), connection);
            }
        } catch (IllegalArgumentException e) {
            connection.text(400, "wrong number: " + e.getMessage() + "\n" + HINT);
        }
    }

    private static void slow(Request request, Connection connection) throws IOException, InterruptedException {
        Thread.sleep(within(request.number("ms", 1_000), 0, WAIT_LIMIT_MS));
        connection.text(200, "ok, slowly");
    }

    private static void drip(Request request, Connection connection) throws IOException, InterruptedException {
        int pause = within(request.number("ms", 100), 0, WAIT_LIMIT_MS);
        int piece = FIXED_BYTES / PIECES;
        connection.announce(FIXED_BYTES, new byte[0]);
        for (int i = 0; i < PIECES; i++) {
            connection.body(Arrays.copyOfRange(FIXED, i * piece, (i + 1) * piece));
            Thread.sleep(pause);
        }
    }

    private static void redirect(Request request, Connection connection) throws IOException, InterruptedException {
        int left = within(request.number("n", 1), 0, 100);
        String next = left > 1 ? "/redirect?n=" + (left - 1) : "/health";
        connection.text(left == 0 ? 200 : 302, "on to " + next, "Location: " + next);
    }

    private static Connection halfOfTheBody(Connection connection) throws IOException, InterruptedException {
        connection.announce(FIXED_BYTES, Arrays.copyOf(FIXED, 1024));
        return connection;
    }

    private static void other(String path, Connection connection) throws IOException, InterruptedException {
        if (path.startsWith("/status/")) {
            int status = within(Integer.parseInt(path.substring("/status/".length())), 200, 599);
            connection.text(status, "status " + status + ", as asked");
        } else {
            connection.text(404, "no such path: " + path + "\n" + HINT);
        }
    }

    private static int within(int number, int least, int most) {
        if (number < least || number > most) {
            throw new IllegalArgumentException(number + " is not " + least + " to " + most);
        }
        return number;
    }
}

package io.sonde.target;

import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /admin/delays}: who is on this machine sets the delays of all answers, for as long as the target runs. */
final class Admin {
    static final String PATH = "/admin/delays";

    private static final String HINT =
            """
            On %1$s, from the machine of the target and at its plain HTTP port:
              GET                                       the delays of all answers
              PUT %1$s?ttfb-ms=N&tls-ms=N&kbps=N  sets them; those that are not named are none
              DELETE                                    all normal again
            ttfb-ms delays the first byte and tls-ms the TLS handshake, up to 60000; bodies come at kbps kbit/s,
            up to 10000000, 0 for as fast as they go. Example: curl -X PUT 'http://127.0.0.1:8080%1$s?ttfb-ms=400'"""
                    .formatted(PATH);
    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);

    private volatile Delays delays = Delays.NONE;

    /** An answer without its delay: nothing here suffers any. */
    record Reply(int status, String type, String body) {}

    static boolean isFor(Request request) {
        return request.path().equals("/admin") || request.path().startsWith("/admin/");
    }

    /** As they are now; whoever began with others ends with them. */
    Delays delays() {
        return delays;
    }

    Reply answer(Request request, InetAddress from) {
        if (!from.isLoopbackAddress()) {
            return text(403, "only from the machine of the target: use its loopback address there");
        }
        if (!request.path().equals(PATH)) {
            return text(404, "no such path: " + request.path() + "\n" + HINT);
        }
        return switch (request.method()) {
            case "GET" -> json(delays);
            case "PUT" -> put(request.query());
            case "DELETE" -> set(Delays.NONE);
            default -> text(405, HINT);
        };
    }

    private Reply put(String query) {
        try {
            return set(Delays.of(query));
        } catch (IllegalArgumentException e) {
            return text(400, e.getMessage() + "\n" + HINT);
        }
    }

    private synchronized Reply set(Delays to) {
        if (!delays.equals(to)) {
            delays = to;
            LOG.info("the delays of all answers are now {}", to.json());
        }
        return json(to);
    }

    private static Reply json(Delays now) {
        return new Reply(200, "application/json", now.json() + "\n");
    }

    private static Reply text(int status, String body) {
        return new Reply(status, "text/plain; charset=utf-8", body + "\n");
    }
}

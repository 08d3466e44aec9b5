package io.sonde.app.web;

import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/** What browsers are told with an answer: the page may run its own parts and ask its own node, and be framed by nobody. */
public final class BrowserHeaders {
    private static final List<HttpHeader> ALWAYS = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"),
            RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"));
    /** A year: whoever came by TLS once comes by nothing else. */
    private static final HttpHeader TLS_ONLY = RawHeader.create("Strict-Transport-Security", "max-age=31536000");

    private BrowserHeaders() {}

    /**
     * With every answer but the 202 that probes get by the thousand.
     *
     * @param secured whether this port speaks TLS
     */
    public static Route on(boolean secured, Route sealed) {
        List<HttpHeader> headers = new ArrayList<>(ALWAYS);
        if (secured) {
            headers.add(TLS_ONLY);
        }
        return mapResponse(
                response -> response.status().equals(StatusCodes.ACCEPTED) ? response : response.addHeaders(headers),
                () -> sealed);
    }
}

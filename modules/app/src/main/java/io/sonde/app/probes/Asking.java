package io.sonde.app.probes;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What a probe says of itself when it asks for its configuration. */
final class Asking {
    private static final Pattern VERSION = Pattern.compile("sonde-probe/([\\w.+-]{1,64})(?:\\s.*)?");
    private static final Pattern APPLIED = Pattern.compile("\"([0-9a-f]{1,64})\"");

    private Asking() {}

    /** Empty of whoever is no probe: those say what they have applied. */
    static Optional<Probe.Asked> by(HttpRequest request, Instant now) {
        return request.getHeader("Sonde-Applied").map(HttpHeader::value).map(applied -> {
            Matcher etag = APPLIED.matcher(applied);
            Matcher version = VERSION.matcher(
                    request.getHeader("User-Agent").map(HttpHeader::value).orElse(""));
            return new Probe.Asked(
                    version.matches() ? version.group(1) : "", etag.matches() ? etag.group(1) : null, now);
        });
    }
}

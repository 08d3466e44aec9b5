package io.sonde.probe;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How events travel.
 *
 * @param events the address they are posted to
 * @param buffer how many may wait
 */
record UploadSettings(
        URI events,
        String token,
        boolean gzip,
        Duration linger,
        int batch,
        int buffer,
        Duration timeout,
        Duration backoffMin,
        Duration backoffMax) {
    UploadSettings {
        Objects.requireNonNull(events);
        Objects.requireNonNull(token);
    }

    /** Without the token, which is in no log. */
    @Override
    public String toString() {
        return "UploadSettings[" + events + "]";
    }
}

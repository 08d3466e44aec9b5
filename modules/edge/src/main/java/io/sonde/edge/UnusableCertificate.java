package io.sonde.edge;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The files of {@code sonde.http.tls} are not a certificate with its key; the message says which and why. */
public final class UnusableCertificate extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    UnusableCertificate(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

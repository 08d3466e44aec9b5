package io.sonde.core;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Cannot be taken now; the same may be sent again later. */
public final class Unavailable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int retryAfterSeconds;

    public Unavailable(String message, int retryAfterSeconds, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

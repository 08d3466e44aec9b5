package io.sonde.notify;

import java.io.Serial;

/** A receiver has not taken a notification, or nobody knows whether it has. Its message holds no secret. */
public final class NotTaken extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    NotTaken(String message) {
        super(message);
    }
}

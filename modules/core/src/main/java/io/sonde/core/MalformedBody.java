package io.sonde.core;

import java.io.Serial;

/** The body as a whole cannot be read; the message tells the sender what was expected and where it broke. */
public final class MalformedBody extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public MalformedBody(String message) {
        super(message);
    }
}

package io.sonde.core;

import java.io.Serial;

/** The body as a whole cannot be read; the message tells the sender what was expected and where it broke. */
public final class MalformedBody extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean tooManyEvents;

    public MalformedBody(String message) {
        this(message, false);
    }

    private MalformedBody(String message, boolean tooManyEvents) {
        super(message);
        this.tooManyEvents = tooManyEvents;
    }

    public static MalformedBody tooManyEvents(int maxEvents) {
        return new MalformedBody("more than " + maxEvents + " events; send them in several requests", true);
    }

    /** Well-formed as far as it was read, but too long: the answer is 413, not 400. */
    public boolean isTooManyEvents() {
        return tooManyEvents;
    }
}

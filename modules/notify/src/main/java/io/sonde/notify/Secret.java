package io.sonde.notify;

/** A text that is never printed. */
record Secret(String value) {
    static final String HIDDEN = "…";

    Secret {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a secret without a letter");
        }
    }

    /** The text without this secret in it: a receiver may answer with what it was sent. */
    String hideIn(String text) {
        return text.replace(value, HIDDEN);
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}

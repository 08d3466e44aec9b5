package io.sonde.core;

import java.io.Serial;

/** Stored bytes that no known version wrote. Nothing is skipped: whoever reads them stops and says so. */
public final class UnreadableFormat extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public UnreadableFormat(String message) {
        super(message);
    }
}

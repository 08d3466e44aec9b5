package io.sonde.core;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, apart from the futures it came through. */
public final class Causes {
    private Causes() {}

    /** {@code failure} itself unless a future wrapped it; then what it wrapped, however often. */
    public static Throwable of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}

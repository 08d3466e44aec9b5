package io.sonde.core;

import java.util.concurrent.CompletionStage;

/** A way to tell people. */
@FunctionalInterface
public interface Channel {
    /**
     * Completes when the receiver has taken it, with what it answered, for people. Fails when it did not, or when nobody knows
     * whether it did; it is then sent again, later, with the same {@link Notification#key()}. Fails with {@link Unavailable} when
     * the receiver said how long to wait. Neither holds a secret. Does not block, and does not throw.
     */
    CompletionStage<?> send(Notification notification);
}

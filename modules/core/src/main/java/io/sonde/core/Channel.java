package io.sonde.core;

import java.util.concurrent.CompletionStage;

/** A way to tell people. */
@FunctionalInterface
public interface Channel {
    /**
     * Completes when the receiver has taken it. Fails when it did not; it is then sent again, later, with the same
     * {@link Notification#key()}.
     */
    CompletionStage<?> send(Notification notification);
}

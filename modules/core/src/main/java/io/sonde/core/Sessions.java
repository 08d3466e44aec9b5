package io.sonde.core;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Knows who has signed in. */
@FunctionalInterface
public interface Sessions {
    /** Empty for a secret of no session, or of one that has ended. Fails with {@link Unavailable} when it cannot be asked. */
    CompletionStage<Optional<Session>> session(String secret);
}

package io.sonde.core;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Knows which tokens are good. */
@FunctionalInterface
public interface Authority {
    /** Empty for a token that is unknown, revoked or expired. Fails with {@link Unavailable} when it cannot be asked. */
    CompletionStage<Optional<Grant>> grant(String token);
}

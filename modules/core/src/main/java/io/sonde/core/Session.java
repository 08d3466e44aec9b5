package io.sonde.core;

import java.time.Instant;
import java.util.Objects;

/**
 * Somebody has signed in.
 *
 * @param id names the session without being its secret
 * @param csrf what a request that changes something has to show beside the secret
 * @param mustChange whether nothing may be done before another password is chosen
 * @param expiresAt when it ends if it is not used any more
 */
public record Session(String id, Grant grant, String csrf, boolean mustChange, Instant expiresAt) {
    public Session {
        Objects.requireNonNull(id);
        Objects.requireNonNull(grant);
        Objects.requireNonNull(csrf);
        Objects.requireNonNull(expiresAt);
    }
}

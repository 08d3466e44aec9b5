package io.sonde.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of a token may do.
 *
 * @param tokenId names the token without being it
 * @param source the one source it may post for, null for any
 */
public record Grant(String tokenId, String tenant, Scope scope, @Nullable String source) {
    public Grant {
        Objects.requireNonNull(tokenId);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(scope);
    }

    public boolean allows(Scope wanted) {
        return scope.includes(wanted);
    }

    public boolean mayPostFor(String sourceName) {
        return allows(Scope.INGEST) && (source == null || source.equals(sourceName));
    }
}

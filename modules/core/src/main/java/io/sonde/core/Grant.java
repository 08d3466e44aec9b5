package io.sonde.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of a token may do, or a person who has signed in.
 *
 * @param who the id of the token, which names it without being it, or the name of the person
 * @param source the one source it may post for, null for any
 */
public record Grant(String who, String tenant, Scope scope, @Nullable String source) {
    public Grant {
        Objects.requireNonNull(who);
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

package io.sonde.edge;

import io.sonde.core.Grant;
import io.sonde.core.Session;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who was let in.
 *
 * @param session null of a token
 */
public record Entrant(Grant grant, @Nullable Session session) {
    public Entrant {
        Objects.requireNonNull(grant);
    }
}

package io.sonde.edge;

import io.sonde.core.Grant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Who was let in, for longer than a request.
 *
 * @param again what the same token or session may do by now; empty when it is no longer good
 */
public record Standing(Grant grant, Supplier<CompletionStage<Optional<Grant>>> again) {
    public Standing {
        Objects.requireNonNull(grant);
        Objects.requireNonNull(again);
    }
}

package io.sonde.query;

import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * One thing that can be asked.
 *
 * @param path below {@code /api/v1/}; may end in {@link #ID}, which the answer finds as a parameter {@code id}
 * @param parameters all it takes behind the {@code ?}
 * @param scope of the token it needs
 */
record Endpoint(String path, Set<String> parameters, Scope scope, Answer answer) {
    static final String ID = "{id}";

    Endpoint {
        Objects.requireNonNull(path);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(answer);
        parameters = Set.copyOf(parameters);
    }

    /** Gives what the holder of the token may see. */
    @FunctionalInterface
    interface Answer {
        CompletionStage<Json.Members> to(Grant grant, Parameters parameters);
    }
}

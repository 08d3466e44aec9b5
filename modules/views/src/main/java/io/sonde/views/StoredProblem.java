package io.sonde.views;

import io.sonde.problems.Delivery;
import io.sonde.problems.Problem;
import java.util.List;
import java.util.Objects;

/** A problem, and what was told of it; its members without their evidence. */
public record StoredProblem(Problem problem, List<Delivery> deliveries) {
    public StoredProblem {
        Objects.requireNonNull(problem);
        deliveries = List.copyOf(deliveries);
    }
}

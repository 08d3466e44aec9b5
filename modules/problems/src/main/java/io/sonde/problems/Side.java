package io.sonde.problems;

import io.sonde.core.Notification.Scope;
import io.sonde.core.OpenIncident;
import java.util.Optional;

/** What could be at fault: one source, or one target. */
record Side(String tenant, String kind, Scope scope, String name) {
    static Side source(OpenIncident incident) {
        return new Side(
                incident.series().tenant(),
                incident.series().kind(),
                Scope.SOURCE,
                incident.series().source());
    }

    static Side target(OpenIncident incident) {
        return new Side(
                incident.series().tenant(),
                incident.series().kind(),
                Scope.TARGET,
                incident.series().target());
    }

    /** Empty for one of the path. */
    static Optional<Side> of(Problem problem) {
        String name = problem.scope() == Scope.SOURCE ? problem.source() : problem.target();
        return problem.scope() == Scope.PATH || name == null
                ? Optional.empty()
                : Optional.of(new Side(problem.tenant(), problem.kind(), problem.scope(), name));
    }
}

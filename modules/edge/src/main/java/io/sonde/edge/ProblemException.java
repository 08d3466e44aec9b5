package io.sonde.edge;

import java.io.Serial;

/** Ends a request with a {@link Problem} from inside a future or a parser; {@link Problems} answers it. */
public final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}

package io.sonde.app.problem;

import java.io.Serial;

/** A foreseen reason why a command cannot go on. Its message is all a person sees, so it says what to do. */
public final class Problem extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    public Problem(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public Problem(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}

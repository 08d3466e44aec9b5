package io.sonde.app.node;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why a node cannot start, in one line. */
final class StartFailure {
    private StartFailure() {}

    static Problem problem(Exception failure) {
        ExitCode code = isPortTaken(failure) ? ExitCode.IN_USE : ExitCode.UNREACHABLE;
        return new Problem(code, "the node cannot start: " + message(failure), failure);
    }

    /** What went wrong, without the futures it came through; what went wrong says more than its cause does. */
    private static String message(Throwable failure) {
        Throwable said = failure;
        while ((said instanceof ExecutionException || said instanceof CompletionException) && said.getCause() != null) {
            said = said.getCause();
        }
        return said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }
}

package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What a person sees when a command cannot be done: one line on standard error, never a stack trace. */
final class Complaints {
    private Complaints() {}

    static int wrongUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        if (arguments.length == 0) {
            command.usage(err);
            return ExitCode.USAGE.code();
        }
        say(err, String.valueOf(failure.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE.code();
    }

    static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        LoggerFactory.getLogger(Complaints.class).debug("{} failed", parsed.originalArgs(), failure);
        if (failure instanceof Problem problem) {
            say(command.getErr(), String.valueOf(problem.getMessage()));
            return problem.exitCode().code();
        }
        LoggerFactory.getLogger(Complaints.class).error("not foreseen", failure);
        say(command.getErr(), failure.getClass().getSimpleName() + ": " + failure.getMessage());
        return ExitCode.FAILED.code();
    }

    private static void say(PrintWriter err, String what) {
        err.println("sonde: " + what);
        err.flush();
    }
}

package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a {@code sonde} command, run in this JVM, said and how it ended. */
public record Said(ExitCode code, String out, String err) {
    public static Said of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = SondeCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Said(known(code), out.toString(), err.toString());
    }

    private static ExitCode known(int code) {
        return List.of(ExitCode.values()).stream()
                .filter(one -> one.code() == code)
                .findFirst()
                .orElseThrow(() -> new AssertionError("an exit code that is in no table: " + code));
    }
}

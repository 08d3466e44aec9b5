package io.sonde.app;

import io.sonde.app.cli.SondeCommand;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** {@code sonde}. */
public final class Main {
    private Main() {}

    /** Standard output is the program's own word: a library that prints there (as projections do when stopped) is not heard. */
    public static void main(String[] arguments) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        System.exit(SondeCommand.commandLine().setOut(out).execute(arguments));
    }
}

package io.sonde.app;

import io.sonde.app.cli.SondeCommand;

/** {@code sonde}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(SondeCommand.commandLine().execute(arguments));
    }
}

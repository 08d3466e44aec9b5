package io.sonde.app.cli;

import java.nio.file.Path;

/** Where the log goes: to standard error, unless a command sends it to a file before anything is logged. */
final class Logs {
    private Logs() {}

    static void warningsOnly() {
        System.setProperty("sonde.log.level", "WARN");
    }

    /** For a command that says itself what is wrong. */
    static void errorsOnly() {
        System.setProperty("sonde.log.level", "ERROR");
    }

    static void toFile(Path file) {
        System.setProperty("sonde.log.file", file.toAbsolutePath().toString());
        System.setProperty("logback.configurationFile", "logback-file.xml");
    }
}

package io.sonde.app.cli;

import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the log goes: to standard error, unless a command sends it to a file before anything is logged. */
final class Logs {
    private static final String FORMAT = "SONDE_LOG_FORMAT";
    private static final Set<String> FORMATS = Set.of("text", "json");

    private Logs() {}

    /** Refuses a format that there is not: nothing would be logged at all. */
    static void requireKnownFormat(CommandLine command) {
        String format = format();
        if (!FORMATS.contains(format)) {
            throw new ParameterException(command, FORMAT + " is " + format + ", it must be text or json");
        }
    }

    static void warningsOnly() {
        System.setProperty("sonde.log.level", "WARN");
    }

    /** For a command that says itself what is wrong. */
    static void errorsOnly() {
        System.setProperty("sonde.log.level", "ERROR");
    }

    static void toFile(Path file) {
        System.setProperty("sonde.log.file", file.toAbsolutePath().toString());
        System.setProperty(
                "logback.configurationFile", format().equals("json") ? "logback-file-json.xml" : "logback-file.xml");
    }

    private static String format() {
        return System.getProperty(FORMAT, System.getenv().getOrDefault(FORMAT, "text"));
    }
}

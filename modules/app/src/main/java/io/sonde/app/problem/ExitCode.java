package io.sonde.app.problem;

/** The exit codes of every {@code sonde} command; this is the one table of them. */
public enum ExitCode {
    OK(0, "done"),
    FAILED(1, "an error nobody foresaw; the log says more"),
    USAGE(2, "a wrong flag or a wrong configuration"),
    UNREACHABLE(3, "the database, the bus, a node or a channel's receiver does not answer or takes nothing"),
    PARTLY(4, "some of what was asked for was not done; the output says what"),
    NOT_FOUND(5, "what was named does not exist"),
    SCHEMA(6, "the database's schema is older or newer than this program"),
    IN_USE(7, "a port or the data folder is taken by another process"),
    DENIED(8, "a folder, a file or a port may not be used by this user"),
    DIFFERENT(9, "sonde verify found differences"),
    BEHIND(10, "sonde verify found none, but the projections had not copied everything in time"),
    DOUBTFUL(11, "sonde doctor found warnings, no errors"),
    BROKEN(12, "sonde doctor found errors");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}

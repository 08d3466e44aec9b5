package io.sonde.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes what a full run measured into {@code docs/reliability.md}; {@code make faults} calls it when every test has passed. */
final class ReliabilityTable {
    private static final String BEGIN = "<!-- written by make faults -->";
    private static final String END = "<!-- end -->";
    private static final String HEAD =
            """
            Nodes ran with `sonde.silence = %s` (2 min by default) and under JetStream with `sonde.nats.ack-wait = %s` (90 s by
            default): recovery is that much sooner than with the defaults where it waits for one of them.

            | fault | events sent | lost | doubled | unknown (of them counted) | recovery, s |
            |---|---:|---:|---:|---:|---:|
            """
                    .formatted(Extent.SILENCE, Extent.ACK_WAIT);

    private ReliabilityTable() {}

    /** @param arguments the document, and what ran: a commit and a machine */
    public static void main(String[] arguments) throws IOException {
        Path document = Path.of(arguments[0]);
        Files.writeString(document, with(Files.readString(document), FaultRow.all(), arguments[1]));
    }

    static String with(String document, List<String> rows, String run) {
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        if (from < BEGIN.length() || to < from) {
            throw new IllegalArgumentException("the document lacks " + BEGIN + " and " + END);
        }
        String table = HEAD + String.join("\n", rows) + "\n\n" + run + "\n";
        return document.substring(0, from) + "\n\n" + table + "\n" + document.substring(to);
    }
}

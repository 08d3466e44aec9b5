package io.sonde.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One line of the table of faults.
 *
 * @param unknown events that their sender was told nothing about, and never sent again with success
 * @param unknownCounted of those, how many are counted
 * @param recoverySeconds the longest of the run
 */
record FaultRow(
        String fault, long sent, long lost, long doubled, long unknown, long unknownCounted, double recoverySeconds) {
    private static final Path FOLDER = Path.of("target", "reliability");

    void write() throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(fault.replaceAll("[^A-Za-z0-9]+", "-") + ".row"), markdown() + "\n");
    }

    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %d | %d | %,d (%,d) | %.1f |",
                fault,
                sent,
                lost,
                doubled,
                unknown,
                unknownCounted,
                recoverySeconds);
    }

    /** Every row that the tests of this run left. */
    static List<String> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".row"))
                    .map(FaultRow::line)
                    .sorted()
                    .toList();
        }
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sonde.diagnosis;

import io.sonde.testkit.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what {@link ScenarioTest} measured into {@code docs/diagnosis.md}; {@code make scenarios} calls it when it has passed. */
final class ScenarioTable {
    private static final String BEGIN = "<!-- written by make scenarios -->";
    private static final String END = "<!-- end -->";
    private static final Path MEASURED = Path.of("target", "scenarios", "measured.md");
    private static final List<Double> SIZES = List.of(1.3, 1.5, 2.0, 3.0, 5.0);
    private static final List<Double> WIDTHS = List.of(0.1, 0.2, 0.3, 0.4, 0.5);

    private ScenarioTable() {}

    /** @param arguments the document, and what ran: a commit and a machine */
    public static void main(String[] arguments) throws IOException {
        Path document = Path.of(arguments[0]);
        Files.writeString(document, with(Files.readString(document), Files.readString(MEASURED), arguments[1]));
    }

    static String with(String document, String measured, String run) {
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        if (from < BEGIN.length() || to < from) {
            throw new IllegalArgumentException("the document lacks " + BEGIN + " and " + END);
        }
        return document.substring(0, from) + "\n\n" + measured + "\n" + run + "\n\n" + document.substring(to);
    }

    static void write(Map<Scenario, ScenarioRun> runs, Map<String, Tally> labels) throws IOException {
        Files.createDirectories(MEASURED.getParent());
        Files.writeString(MEASURED, head() + ofScenarios(runs) + ofLabels(labels) + ofSizes());
    }

    private static String head() {
        return String.format(
                Locale.ROOT,
                "Seed %d; %d series of %d h for each scenario; the shipped settings.%n%n",
                ScenarioTest.SEED,
                ScenarioTest.SERIES,
                ScenarioTest.MINUTES / 60);
    }

    private static String ofScenarios(Map<Scenario, ScenarioRun> runs) {
        var table = new StringBuilder(
                """
                | scenario | label | truths | recall | incidents | precision | delay p50 / p95, windows | untrue per series and day |
                |---|---|---:|---:|---:|---:|---:|---:|
                """);
        runs.forEach((scenario, run) -> {
            String untrue = String.format(Locale.ROOT, "%.3f", run.untruePerSeriesAndDay());
            if (run.labels().isEmpty()) {
                table.append("| %s | none | – | – | 0 | – | – | %s |%n".formatted(scenario.title(), untrue));
            }
            run.labels()
                    .forEach((label, tally) -> table.append(
                            "| %s | %s | %s | %s |%n".formatted(scenario.title(), label, tally.markdown(), untrue)));
        });
        return table.toString();
    }

    private static String ofLabels(Map<String, Tally> labels) {
        var table = new StringBuilder(
                """

                By label, truths of steps to at least twice the usual, incidents of all scenarios:

                | label | truths | recall | incidents | precision | delay p50 / p95, windows |
                |---|---:|---:|---:|---:|---:|
                """);
        labels.forEach((label, tally) -> table.append("| %s | %s |%n".formatted(label, tally.markdown())));
        return table.toString();
    }

    private static String ofSizes() {
        var table = new StringBuilder(
                """

                What part of server steps is found, by their size and the width of lognormal noise of single measurements:

                | size | 0.1 | 0.2 | 0.3 | 0.4 | 0.5 |
                |---|---:|---:|---:|---:|---:|
                """);
        for (double size : SIZES) {
            table.append("| ×").append(size);
            for (double width : WIDTHS) {
                table.append(String.format(Locale.ROOT, " | %.2f", recall(size, width)));
            }
            table.append(" |\n");
        }
        return table.toString();
    }

    private static double recall(double size, double width) {
        return ScenarioRun.of(
                        ScenarioTest.SERIES,
                        number -> Scenario.serverStep(ScenarioTest.SEED, number, ScenarioTest.MINUTES, size, width))
                .all()
                .recall();
    }
}

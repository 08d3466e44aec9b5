package io.sonde.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures that were measured, as Markdown. */
final class Table {
    private static final String BEGIN = "<!-- written by make bench -->";
    private static final String END = "<!-- end -->";
    private static final String HEAD =
            """
            | | bar | beyond | measured: median (least–most) | to VictoriaMetrics | verdict | ground truth |
            |---|---|---|---|---|---|---|
            """;

    private final Map<Bar, Measured> ours = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Bar, Spread> peers = new TreeMap<>();
    private boolean failed;

    static Set<String> rows() {
        return Stream.of(Bar.values()).map(Bar::row).collect(Collectors.toSet());
    }

    void add(Figures figures) {
        ours.putAll(figures.lines());
        notes.addAll(figures.notes());
    }

    /** A row that could not be measured. */
    void failed(String why) {
        notes.add("**" + why + "**");
        failed = true;
    }

    /** Of who it is held against. */
    void addPeers(Figures figures) {
        figures.lines().forEach((bar, figure) -> peers.put(bar, figure.spread()));
        notes.addAll(figures.notes());
    }

    boolean right() {
        return !failed
                && ours.values().stream().allMatch(figure -> figure.truth().right());
    }

    /** Each figure as a line of text, at once. */
    static void print(Figures figures, PrintWriter to) {
        figures.lines()
                .forEach((bar, figure) -> to.println(bar.row() + ": " + bar.what() + ": " + figure.spread() + " "
                        + bar.unit() + " " + bar.verdict(figure.spread().median()) + "; "
                        + figure.truth().text()));
        figures.notes().forEach(to::println);
        to.flush();
    }

    /** Puts a table between the marks of a document. */
    static void write(String table, Path document) throws IOException {
        String text = Files.readString(document);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END, from);
        if (from < BEGIN.length() || to < 0) {
            throw new IllegalArgumentException(document + " lacks " + BEGIN + " and " + END);
        }
        Files.writeString(document, text.substring(0, from) + "\n\n" + table + "\n" + text.substring(to));
    }

    /** @param how it was measured */
    String markdown(Machine machine, String how) {
        StringBuilder text = new StringBuilder(HEAD);
        ours.forEach((bar, figure) -> text.append(line(bar, figure)));
        notes.forEach(note -> text.append("\n").append(note).append("\n"));
        return text + "\n" + machine + "; " + how + "\n";
    }

    private String line(Bar bar, Measured figure) {
        Spread peer = peers.get(bar);
        return String.join(
                        " | ",
                        "| " + bar.what() + ", " + bar.unit(),
                        bar.met(),
                        bar.beyond(),
                        figure.spread().toString(),
                        peer == null ? "–" : ratio(figure.spread(), peer),
                        bar.verdict(figure.spread().median()),
                        figure.truth().text() + " |")
                + "\n";
    }

    private static String ratio(Spread ours, Spread peer) {
        return Spread.of(ours.median() / peer.median()) + " × " + peer;
    }
}

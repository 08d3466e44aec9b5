package io.sonde.bench;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures that were measured, as Markdown. */
final class Table {
    private static final String HEAD =
            """
            | | bar | beyond | measured: median (least–most) | to VictoriaMetrics | verdict | ground truth |
            |---|---|---|---|---|---|---|
            """;

    private final Map<Bar, Measured> ours = new TreeMap<>();
    private final Map<Bar, Spread> peers = new TreeMap<>();

    static Set<String> rows() {
        return Stream.of(Bar.values()).map(Bar::row).collect(Collectors.toSet());
    }

    void add(Map<Bar, Measured> figures) {
        ours.putAll(figures);
    }

    void addPeers(Map<Bar, Spread> figures) {
        peers.putAll(figures);
    }

    boolean right() {
        return ours.values().stream().allMatch(figure -> figure.truth().right());
    }

    /** Each figure as a line of text, at once. */
    static void print(Map<Bar, Measured> figures, PrintWriter to) {
        new TreeMap<>(figures)
                .forEach((bar, figure) -> to.println(bar.row() + ": " + bar.what() + ": " + figure.spread() + " "
                        + bar.unit() + " " + bar.verdict(figure.spread().median()) + "; "
                        + figure.truth().text()));
        to.flush();
    }

    String markdown(Machine machine, String how) {
        return HEAD
                + ours.entrySet().stream()
                        .map(line -> line(line.getKey(), line.getValue()))
                        .collect(Collectors.joining())
                + "\n" + machine + "; " + how
                + "\n";
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

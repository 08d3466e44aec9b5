package io.sonde.query.export;

import java.util.ArrayList;
import java.util.List;

/** Reads what RFC 4180 says, and nothing else. */
public final class Csv {
    private final String text;
    private int at;

    private Csv(String text) {
        this.text = text;
    }

    /** Lines of cells. */
    public static List<List<String>> read(String text) {
        Csv csv = new Csv(text);
        List<List<String>> lines = new ArrayList<>();
        while (csv.at < text.length()) {
            lines.add(csv.line());
        }
        return lines;
    }

    private List<String> line() {
        List<String> cells = new ArrayList<>();
        do {
            cells.add(text.startsWith("\"", at) ? quoted() : plain());
        } while (taken(","));
        if (!taken("\r\n")) {
            throw new IllegalArgumentException("no end of line at " + at + " of " + text);
        }
        return cells;
    }

    private String quoted() {
        StringBuilder cell = new StringBuilder();
        at++;
        while (true) {
            if (taken("\"\"")) {
                cell.append('"');
            } else if (taken("\"")) {
                return cell.toString();
            } else {
                cell.append(text.charAt(at++));
            }
        }
    }

    private String plain() {
        int from = at;
        while (at < text.length() && ",\r\n\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean taken(String expected) {
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }
}

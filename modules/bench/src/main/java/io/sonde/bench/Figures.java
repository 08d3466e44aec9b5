package io.sonde.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a row found: lines of the table, and what is worth a sentence below it. */
final class Figures {
    private final Map<Bar, Measured> lines = new EnumMap<>(Bar.class);
    private final List<String> notes = new ArrayList<>();

    Figures with(Bar bar, Spread spread, Measured.Truth truth) {
        lines.put(bar, new Measured(spread, truth));
        return this;
    }

    Figures with(Bar bar, double one, Measured.Truth truth) {
        return with(bar, Spread.of(one), truth);
    }

    Figures note(String sentence) {
        notes.add(sentence);
        return this;
    }

    Map<Bar, Measured> lines() {
        return lines;
    }

    List<String> notes() {
        return notes;
    }
}

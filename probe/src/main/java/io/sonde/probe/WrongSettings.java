package io.sonde.probe;

import java.io.Serial;
import java.util.List;

/** Settings that cannot be run with: all that is wrong with them, a line each. */
public final class WrongSettings extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    WrongSettings(List<String> problems) {
        super(String.join(System.lineSeparator(), problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** Each begins with the key that is wrong and a colon. */
    public List<String> problems() {
        return problems;
    }
}

package io.sonde.probe;

import java.io.Serial;
import java.util.List;

/** Settings that cannot be run with: all that is wrong with them, a line each. */
final class WrongSettings extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    WrongSettings(List<String> problems) {
        super(String.join(System.lineSeparator(), problems), null, false, false);
    }
}

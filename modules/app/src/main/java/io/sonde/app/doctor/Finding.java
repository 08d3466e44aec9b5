package io.sonde.app.doctor;

import java.util.Objects;

/**
 * What one check found.
 *
 * @param check its name: {@code postgres.fsync}
 * @param found what is there, in words
 * @param repair what to do about it, a command or a key; empty when there is nothing to do
 */
public record Finding(Level level, String check, String found, String repair) {
    /** How bad it is. A check that could not be made is a warning that says why. */
    public enum Level {
        OK,
        WARNING,
        ERROR
    }

    public Finding {
        Objects.requireNonNull(level);
        Objects.requireNonNull(check);
        Objects.requireNonNull(found);
        if (repair.isEmpty() != (level == Level.OK)) {
            throw new IllegalArgumentException(check + ": what is wrong has a repair, and what is fine has none");
        }
    }

    static Finding ok(String check, String found) {
        return new Finding(Level.OK, check, found, "");
    }

    static Finding warning(String check, String found, String repair) {
        return new Finding(Level.WARNING, check, found, repair);
    }

    static Finding error(String check, String found, String repair) {
        return new Finding(Level.ERROR, check, found, repair);
    }

    static Finding notChecked(String check, String why, String repair) {
        return warning(check, "not checked: " + why, repair);
    }
}

package io.sonde.core;

import java.util.Objects;

/**
 * A pattern of names in which {@code *} stands for any characters, also none; everything else stands for itself. Takes at
 * most as many steps as pattern and name have characters, multiplied, whoever wrote the pattern.
 */
public record Glob(String text) {
    public Glob {
        Objects.requireNonNull(text);
    }

    public boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (in < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                retry = in;
            } else if (at < text.length() && text.charAt(at) == name.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++retry;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}

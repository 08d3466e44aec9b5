package io.sonde.app.probes;

import java.util.Arrays;
import java.util.Optional;

/**
 * On what a change insists (RFC 9110 §13.1): {@code If-Match} that it is still what was read, {@code If-None-Match: *} that
 * there is nothing yet.
 *
 * @param match of the header, empty without it
 */
record Precondition(String match, boolean nothingYet) {
    private static final String ANY = "*";

    static Precondition of(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        return new Precondition(
                ifMatch.orElse(""), ifNoneMatch.map(String::strip).orElse("").equals(ANY));
    }

    boolean allows(Optional<ProbeConfig> now) {
        if (nothingYet && now.isPresent()) {
            return false;
        }
        return match.isEmpty() || now.map(config -> names(match, config.etag())).orElse(false);
    }

    /** Whether a header of ETags names this one; a weak one counts, for whoever asks what it has already. */
    static boolean names(String header, String etag) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .anyMatch(mark ->
                        mark.equals(ANY) || mark.equals("\"" + etag + "\"") || mark.equals("W/\"" + etag + "\""));
    }
}

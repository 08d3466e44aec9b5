package io.sonde.views;

import java.util.Objects;

/**
 * Part of a list of sources or targets, in the order of their code points.
 *
 * @param prefix what the name begins with, empty for any
 * @param contains what it contains, whatever the case, empty for any
 * @param after the last name of the page before, empty for the first page
 */
public record NameQuery(String tenant, String kind, String prefix, String contains, String after, int limit) {
    public NameQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(contains);
        Objects.requireNonNull(after);
    }
}

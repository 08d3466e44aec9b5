package io.sonde.query;

import io.sonde.core.Grant;
import io.sonde.query.export.Column;
import io.sonde.views.Page;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A list that can be taken away as a file.
 *
 * @param filters what may be asked of it, as of the list itself
 * @param count of all its pages
 */
record Exported<T>(String name, Set<String> filters, List<Column<T>> columns, Pages<T> pages, Count count) {
    Exported {
        Objects.requireNonNull(name);
        filters = Set.copyOf(filters);
        columns = List.copyOf(columns);
        Objects.requireNonNull(pages);
        Objects.requireNonNull(count);
    }

    /** Gives the page that the parameters ask for, as the list does; it goes on at a cursor. */
    @FunctionalInterface
    interface Pages<T> {
        CompletionStage<Page<T, String>> of(Grant grant, Parameters parameters);
    }

    /** How many rows there are, {@code most} where there are more. */
    @FunctionalInterface
    interface Count {
        CompletionStage<Long> of(Grant grant, Parameters parameters, int most);
    }
}

package io.sonde.query.export;

import org.jspecify.annotations.Nullable;

/** Takes the cells of a row, one after the other in the order of the columns. */
public interface Cells {
    void text(@Nullable String text);

    void count(long count);

    /** @param number {@code NaN} for none */
    void number(double number);

    /** @param epochMs null for none */
    void time(@Nullable Long epochMs);

    /** @param json the text of a JSON value */
    void json(String json);
}

package io.sonde.query.export;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table and how a row fills it.
 *
 * @param name as in answers of the API
 * @param unit of its numbers, empty for none
 */
public record Column<T>(String name, String unit, Type type, Cell<T> cell) {
    public Column {
        Objects.requireNonNull(name);
        Objects.requireNonNull(unit);
        Objects.requireNonNull(type);
        Objects.requireNonNull(cell);
    }

    /** What its cells are. */
    public enum Type {
        TEXT,
        COUNT,
        NUMBER,
        TIME,
        JSON
    }

    /** Writes one cell: calls one method of {@code to}, that of the column's type, once. */
    @FunctionalInterface
    public interface Cell<T> {
        void write(T row, Cells to);
    }

    /** @param of null for an empty cell */
    public static <T> Column<T> text(String name, Function<T, @Nullable String> of) {
        return new Column<>(name, "", Type.TEXT, (row, to) -> to.text(of.apply(row)));
    }

    public static <T> Column<T> count(String name, ToLongFunction<T> of) {
        return new Column<>(name, "", Type.COUNT, (row, to) -> to.count(of.applyAsLong(row)));
    }

    /** @param of {@code NaN} for an empty cell */
    public static <T> Column<T> number(String name, String unit, ToDoubleFunction<T> of) {
        return new Column<>(name, unit, Type.NUMBER, (row, to) -> to.number(of.applyAsDouble(row)));
    }

    /** @param of epoch ms, null for an empty cell */
    public static <T> Column<T> time(String name, Function<T, @Nullable Long> of) {
        return new Column<>(name, "", Type.TIME, (row, to) -> to.time(of.apply(row)));
    }

    /** @param of the text of a JSON value */
    public static <T> Column<T> json(String name, Function<T, String> of) {
        return new Column<>(name, "", Type.JSON, (row, to) -> to.json(of.apply(row)));
    }
}

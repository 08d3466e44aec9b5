package io.sonde.query.export;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180) in UTF-8, with a header of names and units: {@code total_p95 [ms]}. Nothing is an empty
 * cell. A text that a spreadsheet would take for a formula has an apostrophe before it (OWASP, "CSV Injection").
 */
final class CsvFile<T> implements TableFile<T> {
    private static final String FORMULAS = "=+-@\t\r";

    private final List<Column<T>> columns;
    private final StringBuilder text = new StringBuilder();
    private final Cells cells = new Row();

    CsvFile(List<Column<T>> columns) {
        this.columns = List.copyOf(columns);
        for (Column<T> column : columns) {
            raw(column.unit().isEmpty() ? column.name() : column.name() + " [" + column.unit() + "]");
        }
        endOfLine();
    }

    @Override
    public void add(T row) {
        columns.forEach(column -> column.cell().write(row, cells));
        endOfLine();
    }

    @Override
    public void end() {
        // Every line says all that it has to say.
    }

    @Override
    public byte[] taken() {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return bytes;
    }

    private void endOfLine() {
        text.setLength(text.length() - 1);
        text.append("\r\n");
    }

    /** A cell and the comma behind it. */
    private void raw(String cell) {
        text.append(cell).append(',');
    }

    private void quoted(String cell) {
        boolean isPlain = cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
        raw(isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }

    private final class Row implements Cells {
        @Override
        public void text(@Nullable String text) {
            String cell = text == null ? "" : text;
            quoted(!cell.isEmpty() && FORMULAS.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell);
        }

        @Override
        public void count(long count) {
            raw(Long.toString(count));
        }

        @Override
        public void number(double number) {
            raw(Double.isFinite(number) ? Double.toString(number) : "");
        }

        @Override
        public void time(@Nullable Long epochMs) {
            raw(epochMs == null ? "" : Instant.ofEpochMilli(epochMs).toString());
        }

        @Override
        public void json(String json) {
            quoted(json);
        }
    }
}

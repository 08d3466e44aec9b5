package io.sonde.query.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One array with an object for each row, each on a line of its own: a file that was cut off is no JSON. */
final class JsonFile<T> implements TableFile<T> {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final List<Column<T>> columns;
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;
    private final Cells cells = new Row();

    JsonFile(List<Column<T>> columns) throws IOException {
        this.columns = List.copyOf(columns);
        json = FACTORY.createGenerator(text);
        json.setPrettyPrinter(new Lines());
        json.writeStartArray();
    }

    @Override
    public void add(T row) throws IOException {
        json.writeStartObject();
        for (Column<T> column : columns) {
            json.writeFieldName(column.name());
            column.cell().write(row, cells);
        }
        json.writeEndObject();
    }

    @Override
    public void end() throws IOException {
        json.writeEndArray();
        json.writeRaw('\n');
    }

    @Override
    public byte[] taken() throws IOException {
        json.flush();
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.getBuffer().setLength(0);
        return bytes;
    }

    /** A line for each object of the array, and nothing else for the eye. */
    private static final class Lines extends MinimalPrettyPrinter {
        private static final long serialVersionUID = 1;

        @Override
        public void beforeArrayValues(JsonGenerator json) throws IOException {
            json.writeRaw('\n');
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(",\n");
        }

        @Override
        public void writeEndArray(JsonGenerator json, int values) throws IOException {
            json.writeRaw("\n]");
        }
    }

    /** Writes a value, to memory. */
    private interface Value {
        void write() throws IOException;
    }

    private static void write(Value value) {
        try {
            value.write();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private final class Row implements Cells {
        @Override
        public void text(@Nullable String text) {
            write(() -> json.writeString(text));
        }

        @Override
        public void count(long count) {
            write(() -> json.writeNumber(count));
        }

        @Override
        public void number(double number) {
            if (Double.isFinite(number)) {
                write(() -> json.writeNumber(number));
            } else {
                write(json::writeNull);
            }
        }

        @Override
        public void time(@Nullable Long epochMs) {
            text(epochMs == null ? null : Instant.ofEpochMilli(epochMs).toString());
        }

        @Override
        public void json(String value) {
            write(() -> json.writeRawValue(value));
        }
    }
}

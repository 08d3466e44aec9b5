package io.sonde.query.export;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** In which form a table is taken away. */
public enum Format {
    CSV("text/csv; charset=UTF-8; header=present") {
        @Override
        public <T> TableFile<T> begin(String name, List<Column<T>> columns) {
            return new CsvFile<>(columns);
        }
    },
    JSON("application/json") {
        @Override
        public <T> TableFile<T> begin(String name, List<Column<T>> columns) throws IOException {
            return new JsonFile<>(columns);
        }
    },
    PARQUET("application/vnd.apache.parquet") {
        @Override
        public <T> TableFile<T> begin(String name, List<Column<T>> columns) throws IOException {
            return new ParquetFile<>(name, columns);
        }
    };

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    /** @param name of the table */
    public abstract <T> TableFile<T> begin(String name, List<Column<T>> columns) throws IOException;

    public String contentType() {
        return contentType;
    }

    /** As in requests and at the end of a file's name. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Format> of(String code) {
        return Arrays.stream(values()).filter(one -> one.code().equals(code)).findFirst();
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(Format::code).toList();
    }
}

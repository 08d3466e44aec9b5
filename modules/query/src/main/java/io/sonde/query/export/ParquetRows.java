package io.sonde.query.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Rows as records: a column that is empty is left out. */
final class ParquetRows<T> extends WriteSupport<T> {
    private final MessageType schema;
    private final List<Column<T>> columns;
    private @Nullable Row row;

    ParquetRows(String name, List<Column<T>> columns) {
        this.columns = columns;
        this.schema =
                new MessageType(name, columns.stream().map(ParquetRows::type).toList());
    }

    @Override
    @SuppressWarnings("deprecation") // It has to be there, and is not asked.
    public WriteContext init(Configuration unused) {
        return context();
    }

    @Override
    public WriteContext init(ParquetConfiguration unused) {
        return context();
    }

    private WriteContext context() {
        Map<String, String> units = new HashMap<>();
        columns.stream()
                .filter(column -> !column.unit().isEmpty())
                .forEach(column -> units.put("unit." + column.name(), column.unit()));
        return new WriteContext(schema, units);
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        row = new Row(schema, consumer);
    }

    @Override
    public void write(T of) {
        Row to = row;
        if (to == null) {
            throw new IllegalStateException("not prepared");
        }
        to.begin();
        columns.forEach(column -> column.cell().write(of, to));
        to.end();
    }

    private static Type type(Column<?> column) {
        return switch (column.type()) {
            case TEXT -> type(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), column);
            case JSON -> type(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType(), column);
            case TIME ->
                type(PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS), column);
            case COUNT -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case NUMBER -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
        };
    }

    private static PrimitiveType type(PrimitiveTypeName stored, LogicalTypeAnnotation means, Column<?> column) {
        return Types.optional(stored).as(means).named(column.name());
    }

    private static final class Row implements Cells {
        private final MessageType schema;
        private final RecordConsumer to;
        private int at;

        Row(MessageType schema, RecordConsumer to) {
            this.schema = schema;
            this.to = to;
        }

        void begin() {
            at = 0;
            to.startMessage();
        }

        void end() {
            to.endMessage();
        }

        @Override
        public void text(@Nullable String text) {
            cell(text == null ? null : () -> to.addBinary(Binary.fromString(text)));
        }

        @Override
        public void count(long count) {
            cell(() -> to.addLong(count));
        }

        @Override
        public void number(double number) {
            cell(Double.isFinite(number) ? () -> to.addDouble(number) : null);
        }

        @Override
        public void time(@Nullable Long epochMs) {
            cell(epochMs == null ? null : () -> to.addLong(epochMs));
        }

        @Override
        public void json(String json) {
            text(json);
        }

        private void cell(@Nullable Runnable value) {
            if (value != null) {
                to.startField(schema.getFieldName(at), at);
                value.run();
                to.endField(schema.getFieldName(at), at);
            }
            at++;
        }
    }
}

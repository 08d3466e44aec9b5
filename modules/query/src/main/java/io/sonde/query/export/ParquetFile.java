package io.sonde.query.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Apache Parquet, compressed by LZ4: a row group is written as soon as it is full, so no more than one lies in memory. Units
 * are in the file's key-value metadata ({@code unit.total_p95}).
 */
final class ParquetFile<T> implements TableFile<T> {
    private static final long ROW_GROUP_BYTES = 4L << 20;

    private final Written written = new Written();
    private final ParquetWriter<T> writer;

    ParquetFile(String name, List<Column<T>> columns) throws IOException {
        writer = new Builder<>(written, name, List.copyOf(columns))
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.LZ4_RAW)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
    }

    @Override
    public void add(T row) throws IOException {
        writer.write(row);
    }

    @Override
    public void end() throws IOException {
        writer.close();
    }

    @Override
    public byte[] taken() {
        return written.taken();
    }

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
        private final String name;
        private final List<Column<T>> columns;

        Builder(OutputFile file, String name, List<Column<T>> columns) {
            super(file);
            this.name = name;
            this.columns = columns;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // It has to be there, and is not asked.
        protected WriteSupport<T> getWriteSupport(Configuration unused) {
            return new ParquetRows<>(name, columns);
        }

        @Override
        protected WriteSupport<T> getWriteSupport(ParquetConfiguration unused) {
            return new ParquetRows<>(name, columns);
        }
    }

    /** What the writer takes for a file; what has been taken out still counts as written. */
    private static final class Written implements OutputFile {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long takenBytes;

        byte[] taken() {
            byte[] taken = bytes.toByteArray();
            takenBytes += taken.length;
            bytes.reset();
            return taken;
        }

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new Position(bytes);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }

        private final class Position extends DelegatingPositionOutputStream {
            Position(OutputStream to) {
                super(to);
            }

            @Override
            public long getPos() {
                return takenBytes + bytes.size();
            }
        }
    }
}

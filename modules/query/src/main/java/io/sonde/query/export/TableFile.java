package io.sonde.query.export;

import java.io.IOException;

/** A file in the making, for one thread after the other: rows go in, bytes are taken out as they come together. */
public interface TableFile<T> {
    void add(T row) throws IOException;

    /** No row follows: what the format wants at its end is there to be taken. */
    void end() throws IOException;

    /** What has come together since the last time; may be empty for long where a format writes in blocks. */
    byte[] taken() throws IOException;
}

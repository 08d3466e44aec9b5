package io.sonde.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** Inflates a body, and stops where it passes the limit: a bomb costs no more memory than an honest request. */
final class Gunzip {
    private Gunzip() {}

    /** Fails with a {@link ProblemException}: 413 past {@code max} bytes, 400 when it is no gzip (RFC 1952). */
    static byte[] inflate(byte[] zipped, int max) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            byte[] plain = in.readNBytes(max);
            if (in.read() >= 0) {
                throw new ProblemException(Problems.tooLarge(max));
            }
            return plain;
        } catch (IOException e) {
            throw new ProblemException(new Problem(
                    400, "malformed-body", "Body cannot be read", "Content-Encoding says gzip, but the body is none."));
        }
    }
}

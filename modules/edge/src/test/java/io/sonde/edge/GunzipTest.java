package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GunzipTest {
    @Property
    void whatWasZippedComesBack(@ForAll @Size(max = 2_000) byte[] plain) {
        assertThat(Gunzip.inflate(gzip(plain), 2_000)).isEqualTo(plain);
    }

    @Property
    void halfAZipIsAProblem(@ForAll @Size(min = 1, max = 2_000) byte[] plain, @ForAll @IntRange(max = 5_000) int cut) {
        byte[] zipped = gzip(plain);
        byte[] half = Arrays.copyOf(zipped, cut % zipped.length);

        assertThatThrownBy(() -> Gunzip.inflate(half, 2_000)).isInstanceOf(ProblemException.class);
    }

    @Test
    void theLastByteOfTheLimitIsTakenAndTheNextIsNot() {
        assertThat(Gunzip.inflate(gzip(new byte[2_000]), 2_000)).hasSize(2_000);
        assertThatThrownBy(() -> Gunzip.inflate(gzip(new byte[2_001]), 2_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(413));
    }

    static byte[] gzip(byte[] plain) {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}

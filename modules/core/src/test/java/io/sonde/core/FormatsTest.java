package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The stored formats. A golden file is what a release wrote: it is read for ever and never edited. */
class FormatsTest {
    private static final SourceId SOURCE = new SourceId("default", "qoe", "berlin-1", 0);
    private static final Batch BATCH = new Batch(
            SOURCE,
            1_763_632_800_500L,
            Map.of("interface_type", "wifi", "user_label", "Büro"),
            List.of(
                    new Sample(
                            UUID.fromString("3f0c1a52-0f7e-4c7e-9c4b-1f5b6a7c8d9e"),
                            "https://example.org/health",
                            1_763_632_800_123L,
                            new double[] {3.1, 11.2, 18.9, 45.7, Double.NaN},
                            Sample.SUCCESS,
                            ""),
                    new Sample(
                            new UUID(1, 2),
                            "https://example.org/health",
                            1_763_632_801_000L,
                            new double[] {1.0 / 3, Double.NaN, Double.NaN, Double.NaN, 48_211.5},
                            1,
                            "timeout")),
            false);
    private static final ClosedWindows CLOSED = new ClosedWindows(
            SOURCE,
            1_763_632_800_000L,
            Map.of("interface_type", "wifi"),
            List.of(new WindowAggregate(
                    "https://example.org/health",
                    1_763_632_800_000L,
                    2,
                    List.of(0L, 1L, 0L, 0L, 0L),
                    Map.of("1:timeout", 1L),
                    List.of(
                            new Distribution(2, 3.1, 4, 3.1, 4, Summary.of(new double[] {3.1, 4}, 2)),
                            Distribution.EMPTY))));

    @Test
    void batchVersion1IsReadAndWritten() throws Exception {
        assertThat(BatchFormat.read(golden("batch-1"))).isEqualTo(BATCH);
        assertThat(BatchFormat.write(BATCH)).isEqualTo(golden("batch-1"));
    }

    @Test
    void closedWindowsVersion1IsReadAndWritten() throws Exception {
        assertThat(ClosedWindowsFormat.read(golden("closed-windows-1"))).isEqualTo(CLOSED);
        assertThat(ClosedWindowsFormat.write(CLOSED)).isEqualTo(golden("closed-windows-1"));
    }

    @Test
    void aVersionOfALaterReleaseIsSaidAndNotGuessed() {
        byte[] later = BatchFormat.write(BATCH);
        later[0] = 9;

        assertThatThrownBy(() -> BatchFormat.read(later))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessage("batch version 9: this release reads 1 to 1");
    }

    @Property
    void anyBatchComesBackAsItWas(@ForAll("samples") List<Sample> samples, @ForAll boolean replay) {
        Batch batch = new Batch(SOURCE, 1_763_632_800_500L, Map.of(), samples, replay);

        assertThat(BatchFormat.read(BatchFormat.write(batch))).isEqualTo(batch);
    }

    @Property
    void anyNumberComesBackAsItWas(@ForAll double number) {
        double back = new Unpacker(new Packer(16).number(number).toBytes()).number();

        assertThat(Double.doubleToLongBits(back)).isEqualTo(Double.doubleToLongBits(number));
    }

    @Property
    void anyLongComesBackAsItWas(@ForAll long number) {
        Unpacker from = new Unpacker(
                new Packer(32).signed(number).count(number).raw(number).toBytes());

        assertThat(List.of(from.signed(), from.count(), from.raw())).containsOnly(number);
        assertThat(from.hasMore()).isFalse();
    }

    @Property(tries = 2_000)
    void damagedBytesAreUnreadableAndNothingElse(@ForAll @Size(max = 80) byte[] damage, @ForAll byte at) {
        byte[] bytes = BatchFormat.write(BATCH);
        int from = Math.floorMod(at, bytes.length);
        for (int i = 0; i < damage.length && from + i < bytes.length; i++) {
            bytes[from + i] ^= damage[i];
        }
        byte[] cut = Arrays.copyOf(bytes, Math.max(1, bytes.length - damage.length));

        for (byte[] broken : List.of(bytes, cut)) {
            try {
                BatchFormat.read(broken);
            } catch (UnreadableFormat | IllegalArgumentException expected) {
                assertThat(expected).hasMessageMatching("(?s).+");
            }
        }
    }

    @Provide
    Arbitrary<List<Sample>> samples() {
        return Combinators.combine(
                        Arbitraries.create(UUID::randomUUID),
                        Arbitraries.of("http://a/", "http://b/ü", "http://c/"),
                        Arbitraries.longs().between(0, 4_000_000_000_000L),
                        Arbitraries.doubles().array(double[].class).ofMaxSize(6),
                        Arbitraries.integers().between(-1, 5))
                .as((id, target, ts, values, error) ->
                        new Sample(id, target, ts, values, error, error < 0 ? "" : "reset"))
                .list()
                .ofMaxSize(20);
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream file = FormatsTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
            if (file == null) {
                throw new IOException("no golden file " + name);
            }
            return HexFormat.of().parseHex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}

package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that probes of earlier versions left behind; these bytes are never edited. */
class SpoolFormatTest {
    private static final String FILE_V1 = "534f4e4445510001"
            + "00000010b2bef5a100000000000000077b226576656e745f6964223a2261227d"
            + "0000000ed5b06b8500000000000000087b226c6162656c223a22c3bc227d";
    private static final String POSITION_V1 = "534f4e4445500001000000000000000806f1ea45";

    @TempDir
    Path folder;

    @Test
    void aFileOfVersion1IsReadable() throws IOException {
        Files.write(folder.resolve("0000000000000007.events"), HexFormat.of().parseHex(FILE_V1));

        try (Spool spool = open()) {
            assertThat(spool.peek(10).events())
                    .containsExactly(new HeldEvent(7, "{\"event_id\":\"a\"}"), new HeldEvent(8, "{\"label\":\"ü\"}"));
        }
    }

    @Test
    void aPositionOfVersion1IsReadable() throws IOException {
        Files.write(folder.resolve("0000000000000007.events"), HexFormat.of().parseHex(FILE_V1));
        Files.write(folder.resolve("position"), HexFormat.of().parseHex(POSITION_V1));

        try (Spool spool = open()) {
            assertThat(spool.peek(10).json()).containsExactly("{\"label\":\"ü\"}");
        }
    }

    @Test
    void aFileIsWrittenAsVersion1() throws IOException {
        Files.write(folder.resolve("0000000000000007.events"), HexFormat.of().parseHex(FILE_V1.substring(0, 16)));

        try (Spool spool = open()) {
            spool.append(new ArrayList<>(List.of("{\"event_id\":\"a\"}", "{\"label\":\"ü\"}")));
        }

        assertThat(folder.resolve("0000000000000007.events"))
                .hasBinaryContent(HexFormat.of().parseHex(FILE_V1));
    }

    private Spool open() throws IOException {
        return Spool.open(
                folder, Spool.LEAST_BYTES, (reason, count) -> assertThat(count).isZero());
    }
}

package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final Machine MACHINE = new Machine(2, 24, "Linux", "17", "abc");
    private static final Measured.Truth RIGHT = new Measured.Truth(true, "right");

    @Test
    void moreEventsAndFewerSecondsAreBetter() {
        assertThat(Bar.DIRECT_10.verdict(104_999)).contains("missed");
        assertThat(Bar.DIRECT_10.verdict(105_000)).isEqualTo("met");
        assertThat(Bar.DIRECT_10.verdict(180_000)).contains("beyond");
        assertThat(Bar.ACK.verdict(15.1)).contains("missed");
        assertThat(Bar.ACK.verdict(15)).isEqualTo("met");
        assertThat(Bar.ACK.verdict(5)).contains("beyond");
        assertThat(Bar.PROBE_CPU.verdict(0.1)).isEqualTo("met");
        assertThat(Bar.ACK_50.verdict(1)).doesNotContain("met");
    }

    @Test
    void theMedianIsHeldAgainstTheBarAndAgainstThePeer() {
        Table table = new Table();
        table.add(new Figures().with(Bar.ACK, new Spread(List.of(40.0, 4.0, 6.0)), RIGHT));
        table.addPeers(new Figures().with(Bar.ACK, 3, Measured.Truth.NOTHING_SENT));

        assertThat(table.markdown(MACHINE, "once"))
                .contains("| ≤ 15 | ≤ 5 | 6.0 (4.0–40.0) | 2.0 × 3.0 | met | right |")
                .contains("2 cores, 24 GiB, Linux, 17, commit abc; once");
    }

    @Test
    void oneWrongFigureMakesTheTableWrong() {
        Table table = new Table();
        table.add(new Figures().with(Bar.ACK, 1, RIGHT));

        assertThat(table.right()).isTrue();

        table.add(new Figures().with(Bar.DIRECT_1, 1e9, new Measured.Truth(false, "WRONG")));
        assertThat(table.right()).isFalse();
    }

    @Test
    void aRowThatFailsIsSaidAndTheOthersStay() {
        Table table = new Table();
        table.add(new Figures().with(Bar.ACK, 1, RIGHT));

        table.failed("start failed");

        assertThat(table.right()).isFalse();
        assertThat(table.markdown(MACHINE, "once")).contains("start failed", Bar.ACK.what());
    }

    @Test
    void aTableTakesThePlaceOfTheOneBefore(@TempDir Path folder) throws IOException {
        Path document = folder.resolve("page.md");
        Files.writeString(document, "before\n<!-- written by make bench -->\nold\n<!-- end -->\nafter\n");

        Table.write("new", document);
        Table.write("newer", document);

        assertThat(document)
                .content()
                .startsWith("before\n")
                .endsWith("<!-- end -->\nafter\n")
                .contains("\nnewer\n")
                .doesNotContain("old", "new\n\n");
        Files.writeString(document, "no marks");
        assertThatThrownBy(() -> Table.write("new", document)).hasMessageContaining("lacks");
    }
}

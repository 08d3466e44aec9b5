package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTableTest {
    private static final FaultRow ROW = new FaultRow("03 NATS killed", 12_345, 0, 0, 40, 7, 2.345);

    @Test
    void theTableReplacesWhatARunBeforeWrote() {
        String once = ReliabilityTable.with(
                "text\n<!-- written by make faults -->\nold\n<!-- end -->\nmore\n",
                List.of(ROW.markdown()),
                "Commit a.");

        String twice = ReliabilityTable.with(once, List.of(ROW.markdown()), "Commit b.");

        assertThat(twice)
                .startsWith("text\n")
                .endsWith("<!-- end -->\nmore\n")
                .contains(
                        "| 03 NATS killed | 12,345 | 0 | 0 | 40 (7) | 2.3 |",
                        "Commit b.",
                        "ack-wait = 30s",
                        "silence = 3s")
                .doesNotContain("old", "Commit a.");
    }

    @Test
    void aDocumentWithoutAPlaceForItIsRefused() {
        assertThatThrownBy(() -> ReliabilityTable.with("text", List.of(), "Commit a."))
                .hasMessageContaining("<!-- written by make faults -->");
    }
}

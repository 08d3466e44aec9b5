package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScenarioTableTest {
    @Test
    void theTablesReplaceWhatARunBeforeWrote() {
        String once = ScenarioTable.with(
                "text\n<!-- written by make scenarios -->\nold\n<!-- end -->\nmore\n", "| a |\n", "Commit a.");

        String twice = ScenarioTable.with(once, "| b |\n", "Commit b.");

        assertThat(twice)
                .isEqualTo("text\n<!-- written by make scenarios -->\n\n| b |\n\nCommit b.\n\n<!-- end -->\nmore\n");
    }

    @Test
    void aDocumentWithoutAPlaceForThemIsRefused() {
        assertThatThrownBy(() -> ScenarioTable.with("text", "", "Commit a."))
                .hasMessageContaining("<!-- written by make scenarios -->");
    }
}

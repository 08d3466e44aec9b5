package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class SourceIdTest {
    @Property
    void theEntityIdGivesTheSourceBack(
            @ForAll @StringLength(min = 1, max = 255) String source, @ForAll @IntRange(max = 64) int bucket) {
        SourceId id = new SourceId("default", "qoe", source, bucket);

        assertThat(SourceId.parse(id.entityId())).isEqualTo(id);
        assertThat(id.entityId()).doesNotContain("|", "/", "\0");
    }
}

package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.edge.ProblemException;
import io.sonde.views.Resolution;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ParametersTest {
    private static final long NOW = 1_795_168_800_000L;

    @Property
    void aTimeIsTheSameInEveryForm(
            @ForAll @LongRange(max = 4_000_000_000_000L) long epochMs,
            @ForAll @IntRange(min = -18, max = 18) int hours) {
        OffsetDateTime elsewhere = Instant.ofEpochMilli(epochMs).atOffset(ZoneOffset.ofHours(hours));

        assertThat(given("from", Long.toString(epochMs)).time("from")).hasValue(epochMs);
        assertThat(given("from", Instant.ofEpochMilli(epochMs).toString()).time("from"))
                .hasValue(epochMs);
        assertThat(given("from", elsewhere.toString()).time("from")).hasValue(epochMs);
        assertThat(given("from", elsewhere.toString().replace('+', ' ')).time("from"))
                .hasValue(epochMs);
    }

    @Property
    void whatIsNoTimeIsRefused(@ForAll String text) {
        Parameters parameters = given("from", "x" + text);

        assertThatThrownBy(() -> parameters.time("from"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("from");
    }

    @Example
    void aTimeWithoutItsOffsetOrBeyondTheCalendarIsRefused() {
        for (String text :
                List.of("2026-11-20T10:00:00", "2026-11-20", "-5", "999999999999999", "+99999-01-01T00:00:00Z")) {
            assertThatThrownBy(() -> given("to", text).time("to"))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("epoch ms");
        }
    }

    @Example
    void aLimitIsFromOneToAThousand() {
        assertThat(given("limit", "1000").limit()).isEqualTo(1_000);
        assertThat(new Parameters(Map.of(), Set.of()).limit()).isEqualTo(100);
        for (String text : List.of("0", "1001", "-1", "ten", "1.5", "99999999999")) {
            assertThatThrownBy(() -> given("limit", text).limit())
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("1 to 1000");
        }
    }

    @Example
    void anUnknownParameterIsRefusedAndTheKnownAreNamed() {
        assertThatThrownBy(() -> new Parameters(Map.of("clientid", List.of("x")), Set.of("client_id", "target")))
                .isInstanceOf(ProblemException.class)
                .hasMessage("Parameter clientid is \"x\": expected one of the parameters client_id, target.");
    }

    @Example
    void aParameterGivenTwiceIsRefused() {
        Parameters parameters = new Parameters(Map.of("target", List.of("a", "b")), Set.of("target"));

        assertThatThrownBy(() -> parameters.text("target", 10)).hasMessageContaining("once");
    }

    @Example
    void theSpanIsTheUsualOneUpToNowOrWhatWasAsked() {
        long hour = 3_600_000;

        assertThat(Span.of(new Parameters(Map.of(), Set.of()), Resolution.MINUTE, NOW))
                .isEqualTo(new Span(NOW - hour, NOW));
        assertThat(Span.of(given("from", Long.toString(NOW - 5 * hour)), Resolution.MINUTE, NOW))
                .isEqualTo(new Span(NOW - 5 * hour, NOW));
        assertThatThrownBy(() -> Span.of(given("from", Long.toString(NOW)), Resolution.MINUTE, NOW))
                .hasMessageContaining("before to");
        assertThatThrownBy(() -> Span.of(given("from", Long.toString(NOW - 8 * 24 * hour)), Resolution.MINUTE, NOW))
                .hasMessageContaining("at most 7 days")
                .hasMessageContaining("coarser resolution");
        assertThat(Span.of(given("from", Long.toString(NOW - 8 * 24 * hour)), Resolution.HOUR, NOW)
                        .toMs())
                .isEqualTo(NOW);
    }

    private static Parameters given(String name, String value) {
        return new Parameters(Map.of(name, List.of(value)), Set.of(name));
    }
}

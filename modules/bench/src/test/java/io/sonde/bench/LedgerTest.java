package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final WindowCounts.Window WINDOW = new WindowCounts.Window("c-1", "https://a/", 600_000);

    private final Ledger ledger = new Ledger("c-");

    @Property(tries = 200)
    void whatAWindowStoresTellsWhichSlotsItCounted(@ForAll @Size(max = 64) Set<@IntRange(max = 63) Integer> slots) {
        int[] times = StoredWindow.of(bits(slots)).timesCounted();

        for (int slot = 0; slot < LedgerEvent.SLOTS; slot++) {
            assertThat(times[slot]).isEqualTo(slots.contains(slot) ? 1 : 0);
        }
    }

    @Test
    void whatWasTakenAndIsNotCountedIsLost() {
        ledger.note(events(1, 2, 60), Ledger.Outcome.OK);

        Ledger.Result result = ledger.compare(Map.of(WINDOW, StoredWindow.of(0b10)));

        assertThat(result.lost()).isEqualTo(2);
        assertThat(result.right()).isFalse();
        assertThat(result.differences()).singleElement().asString().contains("lost [2, 60]");
    }

    @Test
    void whatIsCountedTwiceIsDoubled() {
        ledger.note(events(1, 59), Ledger.Outcome.OK);
        StoredWindow right = StoredWindow.of(0b10 | 1L << 59);
        StoredWindow twice =
                new StoredWindow(4, 2, List.of(2L, 0L, 0L, 0L, 0L), right.percentiles(), List.of(2.0, 2.0));

        Ledger.Result result = ledger.compare(Map.of(WINDOW, twice));

        assertThat(result.doubled()).isEqualTo(2);
        assertThat(result.right()).isFalse();
    }

    @Test
    void theUnknownMayBeCountedOrNot() {
        ledger.note(events(1, 2), Ledger.Outcome.UNKNOWN);

        Ledger.Result result = ledger.compare(Map.of(WINDOW, StoredWindow.of(0b10)));

        assertThat(result.right()).isTrue();
        assertThat(result.unknown()).isEqualTo(2);
        assertThat(result.unknownCounted()).isEqualTo(1);
    }

    @Test
    void whatWasRefusedForCertainMustNotBeCounted() {
        ledger.note(events(1), Ledger.Outcome.FAILED);

        assertThat(ledger.compare(Map.of(WINDOW, StoredWindow.of(0b10))).failedCounted())
                .isEqualTo(1);
    }

    @Test
    void aWrongPercentileIsADifference() {
        ledger.note(events(1), Ledger.Outcome.OK);
        StoredWindow right = StoredWindow.of(0b10);
        List<Double> percentiles = new ArrayList<>(right.percentiles());
        percentiles.set(0, 7.0);

        Ledger.Result result =
                ledger.compare(Map.of(WINDOW, new StoredWindow(1, 1, right.errors(), percentiles, right.tcp())));

        assertThat(result.lost()).isZero();
        assertThat(result.right()).isFalse();
    }

    @Test
    void onceTakenItStaysTakenWhateverAnotherAttemptComesTo() {
        ledger.note(events(1), Ledger.Outcome.UNKNOWN);
        ledger.note(events(1), Ledger.Outcome.OK);
        ledger.note(events(1), Ledger.Outcome.UNKNOWN);
        ledger.note(events(1), Ledger.Outcome.FAILED);
        ledger.note(events(2), Ledger.Outcome.UNKNOWN);
        ledger.note(events(2), Ledger.Outcome.FAILED);

        Ledger.Result result = ledger.compare(Map.of());

        assertThat(result.ok()).isEqualTo(1);
        assertThat(result.unknown()).isEqualTo(1);
        assertThat(result.failed()).isZero();
    }

    @Test
    void everySlotIsAnotherEventOfItsWindow() throws Exception {
        Set<UUID> ids = new HashSet<>();
        for (int slot = 0; slot < LedgerEvent.SLOTS; slot++) {
            StringBuilder json = new StringBuilder();
            new LedgerEvent(WINDOW, slot).writeTo(json);

            JsonNode event = new ObjectMapper().readTree(json.toString());
            ids.add(UUID.fromString(event.path("event_id").asText()));
            assertThat(event.path("ts_ms").asLong()).isBetween(600_000L, 659_999L);
        }

        assertThat(ids).hasSize(LedgerEvent.SLOTS);
    }

    private static List<LedgerEvent> events(int... slots) {
        List<LedgerEvent> events = new ArrayList<>();
        for (int slot : slots) {
            events.add(new LedgerEvent(WINDOW, slot));
        }
        return events;
    }

    private static long bits(Set<Integer> slots) {
        long bits = 0;
        for (int slot : slots) {
            bits |= 1L << slot;
        }
        return bits;
    }
}

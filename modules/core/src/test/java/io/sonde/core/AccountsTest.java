package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Accounts.Entry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final SourceId SOURCE = new SourceId("acme", "qoe", "berlin-1", 0);

    private final Counters counters = new Counters();
    private final Accounts accounts = new Accounts(counters);

    @Test
    void aReceiptOfTheJournalIsEnteredUnderWhatBecameOfEachEvent() {
        accounts.settle(SOURCE, new Receipt(5, 2, 1, List.of(new Receipt.Unrecordable(new UUID(1, 1), "odd")), true));

        assertThat(accounts.sum("acme", "qoe", Entry.ACCEPTED)).isEqualTo(5);
        assertThat(counters.snapshot())
                .containsEntry("events_total{tenant=\"acme\",kind=\"qoe\",result=\"duplicate\"}", 2L)
                .containsEntry("events_total{tenant=\"acme\",kind=\"qoe\",result=\"late\"}", 1L);
    }

    @Test
    void whatOnlyTheBusHasIsNotEnteredYet() {
        accounts.settle(SOURCE, new Receipt(5, 0, 0, false));

        assertThat(counters.snapshot().values()).allMatch(count -> count == 0);
    }

    @Test
    void twoWhoKeepAccountsInTheSameCountersAddUp() {
        accounts.add(SOURCE, Entry.RECEIVED, 3);
        new Accounts(counters).add(SOURCE, Entry.RECEIVED, 4);

        assertThat(accounts.sum("acme", "qoe", Entry.RECEIVED)).isEqualTo(7);
    }
}

package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Accounts.Entry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final SourceId SOURCE = new SourceId("acme", "qoe", "berlin-1", 0);

    private final Counters counters = new Counters();
    private final Accounts accounts = counters.accounts();

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
    void p21WhatIsReceivedAndNotYetUnderAnyOtherEntryIsUnderWay() {
        accounts.add(SOURCE, Entry.RECEIVED, 10);
        accounts.settle(SOURCE, new Receipt(5, 2, 1, true));
        accounts.add(SOURCE, Entry.REDELIVERED, 3);

        assertThat(accounts.balances()).singleElement().satisfies(balance -> {
            assertThat(balance.tenant()).isEqualTo("acme");
            assertThat(balance.sums()).containsEntry(Entry.ACCEPTED, 5L).containsEntry(Entry.REFUSED, 0L);
            assertThat(balance.underWay()).isEqualTo(2);
        });
    }
}

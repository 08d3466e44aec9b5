package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadAheadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    @Test
    void failingBatchesThatHoldEverySlotDoNotHoldTheOthersForEver() throws Exception {
        try (TestBus test = TestBus.start("max-ack-pending = 5, max-failures = 3")) {
            List<Batch> broken = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                broken.add(test.send("broken-" + i));
            }
            List<Batch> healthy = List.of(test.send("healthy-1"), test.send("healthy-2"));

            test.bus.deliverTo(test.recorder(batch -> !batch.source().source().startsWith("broken")));

            await().atMost(PATIENCE).until(() -> test.recorded.containsAll(healthy));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                test.send("healthy");
                return test.letters().size() == broken.size();
            });
            assertThat(test.letters())
                    .extracting(letter -> letter.batch().orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(broken);
            Accounts accounts = test.counters.accounts();
            await().atMost(PATIENCE).until(() -> test.messages(TelemetryStream.NAME) == 0);
            assertThat(accounts.sum("default", "qoe", Entry.ACCEPTED)
                            + accounts.sum("default", "qoe", Entry.REDELIVERED))
                    .isEqualTo(test.recorded.size());
            assertThat(accounts.sum("default", "qoe", Entry.ACCEPTED))
                    .isEqualTo(test.recorded.stream().distinct().count());
        }
    }
}

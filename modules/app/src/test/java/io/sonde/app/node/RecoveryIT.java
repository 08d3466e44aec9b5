package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.Tracing.Hop;
import io.sonde.core.Unavailable;
import io.sonde.testkit.NotedSpans;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Journals that cannot be read or written for a while: nothing is acknowledged that is not in them. */
class RecoveryIT {
    private final TestEngine engine = new TestEngine();

    @AfterEach
    void stop() throws Exception {
        engine.stop();
    }

    @Test
    void anEventThatCannotBeReadStopsItsSourceUntilItCan() throws Exception {
        Batch batch = engine.lastMinute(3);
        for (Sample sample : batch.samples()) {
            engine.record(batch.with(List.of(sample)));
        }
        engine.execute("UPDATE windows_event SET event_payload = set_byte(event_payload, 0, 9)");

        engine.restart();

        assertThatThrownBy(() -> engine.record(batch)).hasCauseInstanceOf(Unavailable.class);
        engine.execute("UPDATE windows_event SET event_payload = set_byte(event_payload, 0, 1)");
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> assertThat(engine.record(batch))
                .isEqualTo(new Receipt(0, 3, 0, true)));
    }

    @Test
    void anEventThatIsMissingStopsItsSource() throws Exception {
        Batch batch = engine.lastMinute(3);
        for (Sample sample : batch.samples()) {
            engine.record(batch.with(List.of(sample)));
        }
        engine.execute("DELETE FROM windows_event WHERE sequence_number = 2");

        engine.restart();

        assertThatThrownBy(() -> engine.record(batch)).hasCauseInstanceOf(Unavailable.class);
    }

    /** As a database does that was restored without its newest rows, or with some of its files lost. */
    @Test
    void aClosedWindowThatIsMissingStopsItsDiagnoser() throws Exception {
        Batch batch = engine.lastMinute(2);
        engine.record(batch.with(batch.samples().subList(0, 1)));
        await().atMost(Duration.ofSeconds(20)).until(() -> engine.count("SELECT count(*) FROM diagnosis_event") == 1);
        engine.execute("UPDATE diagnosis_event SET sequence_number = 2");

        engine.restart();
        engine.record(batch);

        await("nothing is journalled behind the gap")
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> engine.count("SELECT count(*) FROM diagnosis_event") == 1);
        engine.execute("UPDATE diagnosis_event SET sequence_number = 1");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> engine.count("SELECT count(*) FROM diagnosis_event WHERE sequence_number = 2") == 1);
    }

    @Test
    void p4ABatchThatCouldNotBeWrittenIsNoDuplicateWhenItIsSentAgainAndItsTraceSaysSo() throws Exception {
        Batch batch = followed(engine.lastMinute(2));
        engine.execute("ALTER TABLE windows_event ADD CONSTRAINT no_room CHECK (false) NOT VALID");

        assertThatThrownBy(() -> engine.record(batch)).hasCauseInstanceOf(Unavailable.class);
        engine.execute("ALTER TABLE windows_event DROP CONSTRAINT no_room");

        assertThat(engine.record(batch)).isEqualTo(new Receipt(2, 0, 0, true));
        assertThat(engine.count("SELECT count(*) FROM windows_event")).isEqualTo(1);
        for (Hop hop : List.of(Hop.RECORD, Hop.JOURNAL_SAMPLES)) {
            assertThat(engine.spans().ended(hop))
                    .extracting(NotedSpans.Span::failure)
                    .containsExactly("stopped", null);
        }
    }

    @Test
    void aBatchThatIsWrittenAfterItsSenderWasToldToComeAgainIsAmongTheDelays() throws Exception {
        Batch batch = engine.lastMinute(2);
        try (Connection other = engine.database().dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE windows_event IN SHARE MODE");
            assertThatThrownBy(() -> engine.record(batch)).hasCauseInstanceOf(Unavailable.class);
            assertThat(delays()).isZero();
            other.commit();
        }

        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertThat(engine.record(batch))
                .isEqualTo(new Receipt(0, 2, 0, true)));

        assertThat(delays()).isEqualTo(1);
    }

    private long delays() {
        return engine.metrics().registry().scrape("sonde_events_end_to_end_delay_seconds"::equals).stream()
                .flatMap(found -> ((HistogramSnapshot) found).getDataPoints().stream())
                .mapToLong(DistributionDataPointSnapshot::getCount)
                .sum();
    }

    private static Batch followed(Batch batch) {
        return batch.traced(List.of(new Traced(batch.samples().get(0).id(), new TraceContext(1, 2, 3))));
    }

    @Test
    void p4AClosedWindowThatCouldNotBeWrittenIsWrittenWhenItIsHandedOverAgain() throws Exception {
        engine.execute("ALTER TABLE diagnosis_event ADD CONSTRAINT no_room CHECK (false) NOT VALID");

        engine.record(followed(engine.lastMinute(2)));
        await("a write was tried and failed")
                .atMost(Duration.ofSeconds(20))
                .until(() -> engine.count("SELECT count(*) FROM diagnosis_event_ordering_seq WHERE is_called") == 1);
        engine.execute("ALTER TABLE diagnosis_event DROP CONSTRAINT no_room");

        await().atMost(Duration.ofSeconds(40)).until(() -> engine.count("SELECT count(*) FROM diagnosis_event") == 1);
        for (Hop hop : List.of(Hop.DIAGNOSE, Hop.JOURNAL_WINDOWS)) {
            await().untilAsserted(() -> assertThat(engine.spans().ended(hop))
                    .extracting(NotedSpans.Span::failure)
                    .startsWith("stopped")
                    .endsWith((String) null));
        }
    }
}

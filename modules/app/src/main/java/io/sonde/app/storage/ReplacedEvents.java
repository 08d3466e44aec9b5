package io.sonde.app.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.DurationConverters;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;

/**
 * Takes events that snapshots have replaced out of the samples' journal, page after page. By source they lie all over the
 * table: each would cost a page read and written.
 */
final class ReplacedEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ReplacedEvents.class);
    private static final int PAGES_AT_ONCE = 256;
    /** Times as long as a step took: the rest is for those who write. */
    private static final int REST = 3;

    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    private final JournalWriters writers;
    private final Materializer materializer;
    private final ExecutionContext executor;
    private final AtomicBoolean due = new AtomicBoolean();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private long pages;

    /** @param materializer with which the rounds end */
    ReplacedEvents(JdbcDatabaseDef database, Materializer materializer, ExecutionContext executor) {
        this.writers = new JournalWriters(database, "sonde-replaced-events", 1);
        this.materializer = materializer;
        this.executor = executor;
    }

    /** A round comes soon, or another one after that which is under way. */
    void snapshotSaved() {
        due.set(true);
        if (underWay.compareAndSet(false, true)) {
            after(AT_LEAST, this::round);
        }
    }

    private void round() {
        due.set(false);
        stepFrom(0);
    }

    private void stepFrom(long page) {
        long beganNanos = System.nanoTime();
        long next = page + PAGES_AT_ONCE;
        writers.run(connection -> {
                    ReplacedEventsTable.delete(connection, page, next);
                    pages = ReplacedEventsTable.pages(connection);
                })
                .onComplete(
                        done -> {
                            if (done.isFailure()) {
                                due.set(true);
                                LOG.warn("events that snapshots have replaced stay until the next round: {}", done);
                            }
                            if (done.isFailure() || next >= pages) {
                                after(AT_LEAST, this::rested);
                            } else {
                                after(rest(beganNanos), () -> stepFrom(next));
                            }
                            return BoxedUnit.UNIT;
                        },
                        executor);
    }

    /** Rounds follow each other: were their rest as long as they are, a table that grows would be looked at ever less. */
    private void rested() {
        underWay.set(false);
        if (due.get() && underWay.compareAndSet(false, true)) {
            round();
        }
    }

    private static Duration rest(long beganNanos) {
        return Duration.ofNanos(REST * (System.nanoTime() - beganNanos));
    }

    private void after(Duration pause, Runnable next) {
        var unused = materializer.scheduleOnce(DurationConverters.toScala(pause), next);
    }
}

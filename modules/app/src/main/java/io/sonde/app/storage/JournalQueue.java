package io.sonde.app.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.persistence.jdbc.config.BaseDaoConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.runtime.BoxedUnit;

/** What waits for a journal's one writer: all that came while it wrote goes with its next statement. */
final class JournalQueue {
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rowsWaiting = new AtomicInteger();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final JournalWriters writer;
    private final BaseDaoConfig limits;
    private final Statement statement;

    private record Waiting(List<JournalPekkoSerializationRow> rows, Promise<BoxedUnit> written) {}

    /** Writes all rows or none. */
    @FunctionalInterface
    interface Statement {
        void write(List<JournalPekkoSerializationRow> rows, Connection connection) throws SQLException;
    }

    /** @param writer of one thread */
    JournalQueue(JournalWriters writer, BaseDaoConfig limits, Statement statement) {
        this.writer = writer;
        this.limits = limits;
        this.statement = statement;
    }

    /** Fails with what the statement throws, and at once when too many rows wait. */
    Future<BoxedUnit> add(List<JournalPekkoSerializationRow> rows) {
        Waiting own = new Waiting(rows, Promise.apply());
        if (rowsWaiting.addAndGet(rows.size()) > limits.bufferSize()) {
            rowsWaiting.addAndGet(-rows.size());
            own.written()
                    .failure(new RejectedExecutionException(
                            limits.bufferSize() + " rows wait for the journal already: the database does not keep up"));
        } else {
            waiting.add(own);
            wakeUp();
        }
        return own.written().future();
    }

    private void wakeUp() {
        if (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
            writer.execute(this::writeAll);
        }
    }

    private void writeAll() {
        try {
            while (!waiting.isEmpty()) {
                write(next());
            }
        } finally {
            underWay.set(false);
        }
        wakeUp();
    }

    private List<Waiting> next() {
        List<Waiting> next = new ArrayList<>();
        int rows = 0;
        for (Waiting one = waiting.poll(); one != null; one = rows < limits.batchSize() ? waiting.poll() : null) {
            rows += one.rows().size();
            next.add(one);
        }
        rowsWaiting.addAndGet(-rows);
        return next;
    }

    private void write(List<Waiting> together) {
        List<JournalPekkoSerializationRow> rows = new ArrayList<>();
        together.forEach(one -> rows.addAll(one.rows()));
        try {
            writer.inConnection(connection -> statement.write(rows, connection));
            together.forEach(one -> one.written().success(BoxedUnit.UNIT));
        } catch (SQLException | RuntimeException e) {
            together.forEach(one -> one.written().failure(e));
        }
    }
}

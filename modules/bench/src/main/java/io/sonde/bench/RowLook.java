package io.sonde.bench;

import io.sonde.core.Minute;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Looks, once a minute has ended, when the rows of it come, of series spread over all of a load. */
final class RowLook implements Looking.Look {
    private static final int SERIES = 500;
    private static final int PAUSE_MS = 50;
    /** What is not there by then counts as that late: the next minute's end is near. */
    private static final long LATEST_MS = 55_000;

    private final SampledRowsTable table;
    private long nextMs = Minute.startOf(System.currentTimeMillis());

    RowLook(SampledRowsTable table) {
        this.table = table;
    }

    @Override
    public void into(Histogram micros) throws SQLException, InterruptedException {
        if (System.currentTimeMillis() >= nextMs + Minute.LENGTH_MS) {
            look(nextMs, micros);
            nextMs += Minute.LENGTH_MS;
        }
    }

    private void look(long startMs, Histogram micros) throws SQLException, InterruptedException {
        long endMs = startMs + Minute.LENGTH_MS;
        List<Long> series = table.series(SERIES);
        int seen = 0;
        while (seen < series.size()) {
            boolean tooLate = System.currentTimeMillis() - endMs > LATEST_MS;
            int rows = tooLate ? series.size() : table.rows(series, startMs);
            if (rows > seen) {
                micros.recordValueWithCount((System.currentTimeMillis() - endMs) * 1_000, rows - seen);
                seen = rows;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }
}

package io.sonde.views;

import io.sonde.core.Norm;
import io.sonde.core.Quantile;
import io.sonde.core.SourceId;
import io.sonde.core.UsualHours;
import io.sonde.diagnosis.Norms;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is usual at an hour, from the hours that are rolled up. All sources ask when an hour turns, so they stand in a queue
 * of their own, for one thread and one connection; what waits too long, or fails, answers that nothing is known.
 */
public final class UsualHoursStore implements UsualHours {
    private static final Logger LOG = LoggerFactory.getLogger(UsualHoursStore.class);

    private static final int DAYS = 7;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final String SAME_HOURS =
            """
            SELECT s.target, w.p50s, w.p95s
            FROM series s JOIN window_1h w ON w.series_id = s.series_id AND w.window_start = ANY(?)
            WHERE s.tenant = ? AND s.kind = ? AND s.source = ? AND w.window_start >= ? AND w.window_start < ?
            """;

    private final DataSource dataSource;
    private final Executor thread = oneThread();
    private final AtomicBoolean failing = new AtomicBoolean();

    public UsualHoursStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public CompletionStage<Map<String, List<Norm>>> sameHour(SourceId source, long hourMs) {
        CompletableFuture<Map<String, List<Norm>>> answer = new CompletableFuture<>();
        thread.execute(() -> {
            if (!answer.isDone()) {
                answer.complete(knownOf(source, hourMs));
            }
        });
        return answer.completeOnTimeout(Map.of(), LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    }

    private Map<String, List<Norm>> knownOf(SourceId source, long hourMs) {
        try (Connection connection = dataSource.getConnection()) {
            Map<String, List<Norm>> norms = new HashMap<>();
            hours(connection, source, hourMs).forEach((target, hours) -> norms.put(target, Norms.of(hours, false)));
            failing.set(false);
            return norms;
        } catch (SQLException e) {
            if (!failing.getAndSet(true)) {
                LOG.warn("what is usual at this hour is not known of {} and maybe others: {}", source, e.getMessage());
            }
            return Map.of();
        }
    }

    /** By target, each hour's numbers by {@link Quantile#index()}. */
    static Map<String, List<double[]>> hours(Connection connection, SourceId source, long hourMs) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAME_HOURS)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "timestamptz",
                            LongStream.rangeClosed(1, DAYS)
                                    .mapToObj(day -> Columns.time(hourMs - day * DAY_MS))
                                    .toArray()));
            statement.setString(2, source.tenant());
            statement.setString(3, source.kind());
            statement.setString(4, StoredText.of(source.source()));
            // Bounds that the planner sees: only the partitions between them are opened.
            statement.setObject(5, Columns.time(hourMs - DAYS * DAY_MS));
            statement.setObject(6, Columns.time(hourMs));
            Map<String, List<double[]>> hours = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    hours.computeIfAbsent(rows.getString(1), any -> new ArrayList<>())
                            .add(numbers(WindowColumns.numbers(rows, "p50s"), WindowColumns.numbers(rows, "p95s")));
                }
            }
            return hours;
        }
    }

    /** By {@link Quantile#index()}. */
    static double[] numbers(Double[] p50s, Double[] p95s) {
        double[] numbers = new double[Quantile.count(p50s.length)];
        for (int measure = 0; measure < p50s.length; measure++) {
            numbers[Quantile.p50(measure).index()] = Columns.number(p50s, measure);
            numbers[Quantile.p95(measure).index()] = Columns.number(p95s, measure);
        }
        return numbers;
    }

    private static Executor oneThread() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sonde-usual-hours");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }
}

package io.sonde.upkeep;

import io.sonde.core.SeriesId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has the open incidents of series that fell silent ended by who holds them. A source that is gone never comes to it itself:
 * nothing wakes it.
 */
record SilentIncidentsTable(Duration after, SilentSeries silent, int batch) implements Chore {
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private static final String FIND =
            """
            SELECT DISTINCT s.tenant, s.kind, s.source, s.target
            FROM incident i JOIN series s ON s.series_id = i.series_id
            WHERE i.state = 'open' AND s.last_window < ? ORDER BY 1, 2, 3, 4 LIMIT ?
            """;

    @Override
    public String what() {
        return "silent-incidents";
    }

    @Override
    public Work look(Connection connection, Instant now) throws SQLException {
        return Work.rows(find(connection, now).size(), 0);
    }

    /** A batch of them; the others are told the next time. */
    @Override
    public Work work(Connection connection, Instant now) throws SQLException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (SeriesId series : find(connection, now)) {
            answers.add(silent.said(series, now.toEpochMilli()).toCompletableFuture());
        }
        try {
            var unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new SQLException("not all were told: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        return Work.rows(answers.size(), 0);
    }

    private List<SeriesId> find(Connection connection, Instant now) throws SQLException {
        List<SeriesId> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setObject(1, now.minus(after).atOffset(ZoneOffset.UTC));
            statement.setInt(2, batch);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new SeriesId(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
            }
        }
        return found;
    }
}

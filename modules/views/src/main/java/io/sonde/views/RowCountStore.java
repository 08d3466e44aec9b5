package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How many rows a list has, from its beginning or from where it goes on. No more than asked are counted, so that counting
 * takes no longer than reading those.
 */
final class RowCountStore {
    private static final String MINUTES = " FROM series s JOIN window_1m w ON w.series_id = s.series_id";

    private RowCountStore() {}

    /** Of hours and days those that are still to be made are counted besides, so that some may count twice. */
    static long windows(Connection connection, WindowQuery query, int most) throws SQLException {
        Conditions where = PageTable.bounds(query, "w.series_id", "w.window_start");
        return switch (query.resolution()) {
            case MINUTE -> count(connection, "SELECT 1" + MINUTES, where, most);
            case FIVE_MINUTES ->
                count(
                        connection,
                        "SELECT DISTINCT w.series_id, date_bin('5 minutes', w.window_start, 'epoch')" + MINUTES,
                        where,
                        most);
            case HOUR, DAY -> {
                String table = WindowTable.of(query.resolution()).name();
                yield count(connection, "SELECT 1" + MINUTES.replace("window_1m", table), where, most)
                        + PageTable.due(connection, query, most).size();
            }
        };
    }

    static long diagnoses(Connection connection, DiagnosisQuery query, int most) throws SQLException {
        return count(connection, "SELECT 1" + MINUTES, DiagnosisStore.where(query), most);
    }

    static long incidents(Connection connection, IncidentQuery query, int most) throws SQLException {
        return count(connection, "SELECT 1" + IncidentTable.FROM, DiagnosisStore.where(query), most);
    }

    static long problems(Connection connection, ProblemQuery query, int most) throws SQLException {
        return count(connection, "SELECT 1 FROM problem p", ProblemStore.where(query), most);
    }

    static long series(Connection connection, SeriesQuery query, int most) throws SQLException {
        return count(connection, "SELECT 1 FROM series s", CatalogueStore.where(query), most);
    }

    /** Of any status. */
    static long sources(Connection connection, NameQuery query, int most) throws SQLException {
        return count(connection, "SELECT DISTINCT s.source FROM series s", NameStore.some(query, "s.source"), most);
    }

    /** Of any status. */
    static long targets(Connection connection, NameQuery query, int most) throws SQLException {
        return count(connection, "SELECT DISTINCT s.target FROM series s", NameStore.some(query, "s.target"), most);
    }

    private static long count(Connection connection, String rows, Conditions where, int most) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT count(*) FROM (" + rows + where.sql() + " LIMIT ?) counted")) {
            statement.setInt(where.set(statement), most);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}

package io.sonde.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Rows of {@code window_1m} of some series, spread over all of a load. */
record SampledRowsTable(DataSource database, String prefix) {
    private static final String SERIES =
            "SELECT series_id FROM series WHERE starts_with(source, ?) ORDER BY hashint8(series_id) LIMIT ?";
    private static final String ROWS = "SELECT count(*) FROM window_1m WHERE window_start = ? AND series_id = ANY (?)";

    List<Long> series(int most) throws SQLException {
        List<Long> series = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SERIES)) {
            statement.setString(1, prefix);
            statement.setInt(2, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    series.add(row.getLong(1));
                }
            }
        }
        return series;
    }

    /** How many of them have a row of that minute. */
    int rows(List<Long> series, long startMs) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ROWS)) {
            statement.setTimestamp(1, new Timestamp(startMs));
            statement.setArray(2, connection.createArrayOf("bigint", series.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}

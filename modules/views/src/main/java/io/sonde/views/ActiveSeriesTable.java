package io.sonde.views;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;

/** Of some series, which have the same source and which the same target. */
final class ActiveSeriesTable {
    private static final String SELECT = "SELECT series_id, dense_rank() OVER (ORDER BY source)::int,"
            + " dense_rank() OVER (ORDER BY target_hash)::int FROM series WHERE series_id = ANY(?)";

    private final int[] sources;
    private final int[] targets;

    private ActiveSeriesTable(int size) {
        sources = new int[size];
        targets = new int[size];
    }

    static ActiveSeriesTable of(Connection connection, SeriesSet series) throws SQLException {
        int size = series.stream().max().orElse(-1) + 1;
        ActiveSeriesTable found = new ActiveSeriesTable(size);
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "int8", series.stream().asLongStream().boxed().toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    int id = Math.toIntExact(rows.getLong(1));
                    found.sources[id] = rows.getInt(2);
                    found.targets[id] = rows.getInt(3);
                }
            }
        }
        return found;
    }

    int sources(SeriesSet of) {
        return different(of, sources);
    }

    int targets(SeriesSet of) {
        return different(of, targets);
    }

    private static int different(SeriesSet of, int[] numbers) {
        BitSet seen = new BitSet(Arrays.stream(numbers).max().orElse(0) + 1);
        of.stream().forEach(id -> seen.set(numbers[id]));
        return seen.cardinality();
    }
}

package io.sonde.views;

import io.sonde.core.ClosedWindows;
import io.sonde.core.SourceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What sources say of themselves. Of two words the one of the later window holds, of one window's the greater. */
final class SourceTable {
    private static final String SAY = "INSERT INTO source AS known (tenant, kind, source, attributes, attributes_at)"
            + " VALUES (?, ?, ?, ?::jsonb, ?)"
            + " ON CONFLICT (tenant, kind, source) DO UPDATE"
            + " SET attributes = excluded.attributes, attributes_at = excluded.attributes_at"
            + " WHERE (known.attributes_at, known.attributes) < (excluded.attributes_at, excluded.attributes)";

    private SourceTable() {}

    static void say(Connection connection, List<ClosedWindows> words) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SAY)) {
            for (ClosedWindows word : inOrder(words)) {
                SourceId source = word.source();
                statement.setString(1, source.tenant());
                statement.setString(2, source.kind());
                statement.setString(3, StoredText.of(source.source()));
                statement.setString(4, JsonColumn.ofTexts(word.attributes()));
                statement.setObject(5, Columns.time(word.startMs()));
                statement.executeUpdate();
            }
        }
    }

    private static List<ClosedWindows> inOrder(List<ClosedWindows> words) {
        List<ClosedWindows> sorted = new ArrayList<>(words);
        sorted.removeIf(word -> word.attributes().isEmpty());
        sorted.sort(Comparator.comparing((ClosedWindows word) -> word.source().entityId())
                .thenComparingLong(ClosedWindows::startMs));
        return sorted;
    }
}

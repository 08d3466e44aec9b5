package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Windows of any resolution, a page at a time. What is not rolled up, or not any more, is made of its parts here: the
 * answer is the same before and after a roll-up. To be asked within one snapshot.
 */
final class WindowStore {
    /** Windows made of their parts at a time: bounds what lies in memory. */
    private static final int CHUNK = 50;

    private WindowStore() {}

    static Page<WindowRow, Position> page(Connection connection, WindowQuery query) throws SQLException {
        return switch (query.resolution()) {
            case MINUTE ->
                Page.of(
                        PageTable.rows(connection, WindowTable.MINUTES, query, query.limit() + 1),
                        query.limit(),
                        WindowRow::position);
            case FIVE_MINUTES -> fiveMinutes(connection, query);
            case HOUR, DAY -> rolledUp(connection, query);
        };
    }

    /** So many minutes that the windows of the page are whole, and one more is begun if there is one. */
    private static Page<WindowRow, Position> fiveMinutes(Connection connection, WindowQuery query) throws SQLException {
        int minutesEach = (int) (query.resolution().lengthMs() / Resolution.MINUTE.lengthMs());
        List<WindowRow> minutes =
                PageTable.rows(connection, WindowTable.MINUTES, query, (query.limit() + 1) * minutesEach);
        return Page.of(Merging.into(query.resolution(), minutes), query.limit(), WindowRow::position);
    }

    private static Page<WindowRow, Position> rolledUp(Connection connection, WindowQuery query) throws SQLException {
        int oneMore = query.limit() + 1;
        Map<Position, WindowRow> found = new TreeMap<>();
        for (WindowRow row : PageTable.rows(connection, WindowTable.of(query.resolution()), query, oneMore)) {
            found.put(row.position(), row);
        }
        List<Position> due = PageTable.due(connection, query, oneMore);
        for (int i = 0; i < due.size(); i += CHUNK) {
            List<Position> chunk = due.subList(i, Math.min(due.size(), i + CHUNK));
            for (WindowRow row : made(connection, query.resolution(), chunk)) {
                found.put(row.position(), row);
            }
        }
        return Page.of(found.values().stream().limit(oneMore).toList(), query.limit(), WindowRow::position);
    }

    private static List<WindowRow> made(Connection connection, Resolution resolution, List<Position> wholes)
            throws SQLException {
        if (resolution == Resolution.HOUR) {
            return Merging.into(resolution, PartsTable.within(connection, WindowTable.MINUTES, resolution, wholes));
        }
        List<Position> dueHours = PageTable.dueHours(connection, wholes);
        Set<Position> stale = new HashSet<>(dueHours);
        List<WindowRow> hours = new ArrayList<>(made(connection, Resolution.HOUR, dueHours));
        for (WindowRow hour : PartsTable.within(connection, WindowTable.HOURS, resolution, wholes)) {
            if (!stale.contains(hour.position())) {
                hours.add(hour);
            }
        }
        return Merging.into(resolution, hours);
    }
}

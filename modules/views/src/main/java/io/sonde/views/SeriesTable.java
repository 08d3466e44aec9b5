package io.sonde.views;

import io.sonde.core.SeriesId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every series ever seen: its number, and from when to when it has windows. */
final class SeriesTable {
    private static final String INSERT = "INSERT INTO series"
            + " (tenant, kind, source, target, target_hash, first_window, last_window)"
            + " VALUES (?, ?, ?, ?, ?, 'infinity', '-infinity')"
            + " ON CONFLICT (tenant, kind, source, target_hash) DO NOTHING";
    private static final String FIND = "SELECT wanted.at, s.series_id"
            + " FROM unnest(?::text[], ?::text[], ?::text[], ?::bytea[])"
            + " WITH ORDINALITY AS wanted (tenant, kind, source, target_hash, at)"
            + " JOIN series s USING (tenant, kind, source, target_hash)";
    private static final String ADVANCE = "UPDATE series s SET first_window = least(s.first_window, seen.start),"
            + " last_window = greatest(s.last_window, seen.start)"
            + " FROM (SELECT series_id, to_timestamp(start) AS start"
            + "       FROM unnest(?::bigint[], ?::bigint[]) AS given (series_id, start)) AS seen"
            + " WHERE s.series_id = seen.series_id"
            + " AND (s.first_window > seen.start OR s.last_window < seen.start)";

    private static final String ALL = "SELECT series_id, tenant, kind, source, target FROM series ORDER BY series_id";

    private static final String NAMED =
            "SELECT series_id, tenant, kind, source, target FROM series WHERE series_id = ANY(?)";

    private final Map<SeriesId, Long> known;

    /** Takes series by their numbers. */
    @FunctionalInterface
    interface Chunk {
        void use(Map<Long, SeriesId> series) throws SQLException;
    }

    /** @param remembered how many series are looked up only once */
    SeriesTable(int remembered) {
        known = new Remembered(remembered);
    }

    /** The number of each series, given to it now if it has none. */
    Map<SeriesId, Long> ids(Connection connection, Collection<SeriesId> wanted) throws SQLException {
        Map<SeriesId, Long> ids = new HashMap<>();
        for (SeriesId series : wanted) {
            Long id = known.get(series);
            if (id != null) {
                ids.put(series, id);
            }
        }
        Map<SeriesId, Long> committed = find(connection, missing(wanted, ids));
        known.putAll(committed);
        ids.putAll(committed);
        List<SeriesId> fresh = missing(wanted, ids);
        if (!fresh.isEmpty()) {
            // Not remembered before they are seen again: if this transaction rolls back, so do their numbers.
            insert(connection, fresh);
            ids.putAll(find(connection, fresh));
        }
        return ids;
    }

    /** Widens the time in which the series have windows, so that it holds all {@code windows}. */
    void advance(Connection connection, Collection<Position> windows) throws SQLException {
        SortedMap<Long, Long> earliest = new TreeMap<>();
        SortedMap<Long, Long> latest = new TreeMap<>();
        for (Position window : windows) {
            earliest.merge(window.seriesId(), window.startMs(), Math::min);
            latest.merge(window.seriesId(), window.startMs(), Math::max);
        }
        advance(connection, latest);
        earliest.entrySet().removeIf(entry -> entry.getValue().equals(latest.get(entry.getKey())));
        if (!earliest.isEmpty()) {
            advance(connection, earliest);
        }
    }

    /** Every series, some at a time, in the order of their numbers; not in autocommit. */
    static void forEachChunk(Connection connection, int size, Chunk use) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ALL)) {
            statement.setFetchSize(size);
            Map<Long, SeriesId> chunk = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    chunk.put(
                            rows.getLong(1),
                            new SeriesId(rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
                    if (chunk.size() == size) {
                        use.use(chunk);
                        chunk.clear();
                    }
                }
            }
            use.use(chunk);
        }
    }

    /** The numbers of those that are meant; empty where all of the tenant and kind are. */
    static Optional<Set<Long>> some(Connection connection, SeriesFilter filter) throws SQLException {
        if (filter.source() == null && filter.target() == null) {
            return Optional.empty();
        }
        Conditions where = Conditions.on(filter);
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT s.series_id FROM series s" + where.sql())) {
            where.set(statement);
            Set<Long> found = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
            return Optional.of(found);
        }
    }

    /** What these numbers stand for. */
    static Map<Long, SeriesId> named(Connection connection, Collection<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAMED)) {
            statement.setArray(1, connection.createArrayOf("int8", ids.toArray()));
            Map<Long, SeriesId> found = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(
                            rows.getLong(1),
                            new SeriesId(rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
                }
            }
            return found;
        }
    }

    private static void advance(Connection connection, SortedMap<Long, Long> starts) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setArray(
                    1, connection.createArrayOf("int8", starts.keySet().toArray(Long[]::new)));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            starts.values().stream()
                                    .map(startMs -> startMs / 1_000)
                                    .toArray(Long[]::new)));
            statement.executeUpdate();
        }
    }

    /** What identifies a target in an index, where itself it may be too long. */
    static byte[] hash(String target) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(StoredText.of(target).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<SeriesId> missing(Collection<SeriesId> wanted, Map<SeriesId, Long> ids) {
        return wanted.stream().filter(series -> !ids.containsKey(series)).toList();
    }

    private static void insert(Connection connection, List<SeriesId> fresh) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (SeriesId series : fresh) {
                statement.setString(1, series.tenant());
                statement.setString(2, series.kind());
                statement.setString(3, StoredText.of(series.source()));
                statement.setString(4, StoredText.of(series.target()));
                statement.setBytes(5, hash(series.target()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** No entry for one that is not there. */
    static Map<SeriesId, Long> find(Connection connection, List<SeriesId> wanted) throws SQLException {
        Map<SeriesId, Long> found = new HashMap<>();
        if (wanted.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setArray(1, texts(connection, wanted.stream().map(SeriesId::tenant)));
            statement.setArray(2, texts(connection, wanted.stream().map(SeriesId::kind)));
            statement.setArray(3, texts(connection, wanted.stream().map(series -> StoredText.of(series.source()))));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bytea",
                            wanted.stream().map(series -> hash(series.target())).toArray(byte[][]::new)));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(wanted.get(rows.getInt(1) - 1), rows.getLong(2));
                }
            }
        }
        return found;
    }

    private static Array texts(Connection connection, Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray(String[]::new));
    }

    /** The least recently used give way. */
    private static final class Remembered extends LinkedHashMap<SeriesId, Long> {
        private static final long serialVersionUID = 1;
        private final int most;

        Remembered(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<SeriesId, Long> eldest) {
            return size() > most;
        }
    }
}

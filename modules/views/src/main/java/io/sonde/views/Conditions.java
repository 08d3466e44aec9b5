package io.sonde.views;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A WHERE clause that grows with its parameters. */
final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    /** One value of a statement. */
    @FunctionalInterface
    interface Parameter {
        void set(PreparedStatement statement, int at) throws SQLException;
    }

    static Parameter text(String value) {
        return (statement, at) -> statement.setString(at, StoredText.of(value));
    }

    static Parameter number(long value) {
        return (statement, at) -> statement.setLong(at, value);
    }

    static Parameter time(long epochMs) {
        return (statement, at) -> statement.setObject(at, Columns.time(epochMs));
    }

    static Parameter hashOf(String target) {
        return (statement, at) -> statement.setBytes(at, SeriesTable.hash(target));
    }

    Conditions and(String condition, Parameter... of) {
        conditions.add(condition);
        parameters.addAll(List.of(of));
        return this;
    }

    /** Of a {@code series s}. */
    static Conditions on(SeriesFilter series) {
        Conditions where =
                new Conditions().and("s.tenant = ?", text(series.tenant())).and("s.kind = ?", text(series.kind()));
        if (series.source() != null) {
            where.and("s.source = ?", text(series.source()));
        }
        if (series.target() != null) {
            where.and("s.target_hash = ?", hashOf(series.target()));
        }
        return where;
    }

    String sql() {
        return " WHERE " + String.join(" AND ", conditions);
    }

    /** Sets the parameters in their order; the next free number. */
    int set(PreparedStatement statement) throws SQLException {
        return set(statement, 1);
    }

    /** The same from a number on. */
    int set(PreparedStatement statement, int from) throws SQLException {
        int at = from;
        for (Parameter parameter : parameters) {
            parameter.set(statement, at++);
        }
        return at;
    }
}

package io.sonde.views;

import io.sonde.core.Failpoint;
import io.sonde.core.Tracing;
import io.sonde.problems.ProblemsEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.projection.jdbc.JdbcSession;

/** One transaction of the projection: the rows and the offset are committed together, or neither is. */
final class ProjectionStore implements JdbcSession, AutoCloseable {
    private final Connection connection;
    private boolean hasRows;
    private Tracing.Step step = Tracing.NONE;
    private Runnable committed = () -> {};

    private ProjectionStore(Connection connection) {
        this.connection = connection;
    }

    static ProjectionStore open(DataSource dataSource) {
        try {
            Connection connection = dataSource.getConnection();
            connection.setAutoCommit(false);
            return new ProjectionStore(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("no connection for the projection: " + e.getMessage(), e);
        }
    }

    /** @param afterwards run when all is committed, and only then */
    void follow(Tracing.Step until, Runnable afterwards) {
        step = until;
        committed = afterwards;
    }

    void write(ReadSideStore into, List<Diagnosed> events) throws SQLException {
        into.write(connection, events);
        hasRows = true;
    }

    void writeProblems(List<ProblemsEvent> events) throws SQLException {
        ProblemTable.write(connection, events);
        hasRows = true;
    }

    @Override
    public <T> T withConnection(Function<Connection, T> use) throws Exception {
        return use.apply(connection);
    }

    @Override
    public void commit() throws SQLException {
        if (hasRows) {
            Failpoint.BEFORE_PROJECTION_COMMIT.pass();
        }
        connection.commit();
        step.end();
        committed.run();
        if (hasRows) {
            Failpoint.AFTER_PROJECTION_COMMIT.pass();
        }
    }

    @Override
    public void rollback() throws SQLException {
        step.failed("rolled back");
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

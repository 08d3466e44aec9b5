package io.sonde.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresIT {
    /** One folder for all of them, with a space in its name: each test starts and stops on what the others left. */
    @TempDir
    static Path folder;

    static DataFolder data;

    @BeforeAll
    static void initialise() {
        data = DataFolder.open(folder.resolve("data of mine"));
        LocalPostgres.start(data).close();
    }

    @Test
    void itRunsDurably() throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThat(ask(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(postgres, "SHOW data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void whatWasWrittenIsThereAfterAStop() throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            write(postgres.address(), "kept_over_a_stop");
        }

        try (LocalPostgres again = LocalPostgres.start(data)) {
            assertThat(ask(again, "SELECT word FROM kept_over_a_stop")).isEqualTo("kept");
        }
    }

    @Test
    void whatWasCommittedIsThereAfterThePostmasterWasKilled() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            write(postgres.address(), "kept_over_a_kill");
            ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
            postmaster.destroyForcibly();
            postmaster.onExit().get(10, TimeUnit.SECONDS);
        }

        try (LocalPostgres again = LocalPostgres.start(data)) {
            assertThat(ask(again, "SELECT word FROM kept_over_a_kill")).isEqualTo("kept");
        }
    }

    @Test
    void whatWasCommittedIsThereAfterTheJvmWasKilled() throws Exception {
        Process jvm = PostgresProcess.launch(data.path());
        ProcessHandle postmaster = PostgresProcess.postmasterOf(jvm);
        write(LocalPostgres.runningOn(data).orElseThrow(), "kept_without_the_jvm");

        jvm.destroyForcibly().waitFor();

        try (LocalPostgres again = LocalPostgres.start(data)) {
            assertThat(postmaster.onExit()).succeedsWithin(Duration.ofSeconds(5));
            assertThat(ask(again, "SELECT word FROM kept_without_the_jvm")).isEqualTo("kept");
        }
    }

    @Test
    void aPostmasterThatOutlivedItsJvmIsStopped() throws Exception {
        Cluster cluster = Cluster.prepare(data);
        Postmaster orphan = Postmaster.start(cluster);

        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThat(orphan.exit()).succeedsWithin(Duration.ofSeconds(5));
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aStalePidOfAnotherProgramIsNoObstacle() throws Exception {
        Files.writeString(
                data.database().resolve("postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + data.database() + "\n0\n5432\n\n127.0.0.1\n\nready\n");

        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThat(ask(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefusedInOneLine() {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThatThrownBy(() -> LocalPostgres.start(DataFolder.open(data.path())))
                    .isInstanceOfSatisfying(Problem.class, problem -> {
                        assertThat(problem.exitCode()).isEqualTo(ExitCode.IN_USE);
                        assertThat(problem).hasMessageContaining(data.path().toString());
                        assertThat(problem.toString().lines()).hasSize(1);
                    });
            assertThat(postgres.exit().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void aFolderOfAnotherMajorVersionIsNamedAndNotTouched() throws IOException {
        DataFolder old = DataFolder.open(folder.resolve("old"));
        Files.createDirectory(old.database());
        Path version = Files.writeString(old.database().resolve("PG_VERSION"), "14\n");

        assertThatThrownBy(() -> LocalPostgres.start(old))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("PostgreSQL 14", "PostgreSQL 18", "nothing was touched");
        assertThat(version).hasContent("14\n");
        assertThat(old.database()).isDirectoryNotContaining(path -> !path.equals(version));
    }

    @Test
    void anotherUserWithoutThePasswordIsRefused() {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            String url = postgres.address().url();

            assertThatThrownBy(() -> DriverManager.getConnection(url, Cluster.SUPERUSER, ""))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
            assertThatThrownBy(() -> DriverManager.getConnection(url, Cluster.SUPERUSER, "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("authentication failed");
            assertThat(mode(data.databasePassword().path())).isEqualTo("rw-------");
            assertThat(mode(data.database())).isEqualTo("rwx------");
        }
    }

    @Test
    void itListensOnTheLoopbackAddressAlone() throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data)) {
            assertThat(ask(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "SHOW unix_socket_directories")).isEmpty();
        }
    }

    private static void write(DatabaseAddress address, String table) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " AS SELECT 'kept' AS word");
        }
    }

    private static String ask(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres.address());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.url(), address.user(), address.password());
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

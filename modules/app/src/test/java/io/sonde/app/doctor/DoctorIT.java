package io.sonde.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.app.Main;
import io.sonde.app.doctor.Finding.Level;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.LocalPostgres;
import io.sonde.app.storage.Migrations;
import io.sonde.app.storage.Unprivileged;
import io.sonde.testkit.Jvm;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor before real servers, and the command as a person runs it. */
class DoctorIT {
    private static final PostgresCheck CHECK = new PostgresCheck(26, 1, Duration.ofMillis(2_500));

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();

    @TempDir
    private Path folder = Path.of("set by JUnit");

    /** What a command said and how it ended. */
    private record Said(int code, String out) {
        JsonNode json() throws Exception {
            return new ObjectMapper().readTree(out);
        }

        JsonNode finding(String check) throws Exception {
            for (JsonNode finding : json().path("findings")) {
                if (finding.path("check").asText().equals(check)) {
                    return finding;
                }
            }
            throw new AssertionError("no " + check + " in " + out);
        }

        String level(String check) throws Exception {
            return finding(check).path("level").asText();
        }
    }

    @Test
    void aPostgresThatDoesNotSyncIsAnErrorWithItsRepair() {
        List<Finding> findings = CHECK.findings(address(database, database.user()), Clock.systemUTC());

        assertThat(of(findings, "postgres.fsync").level()).isEqualTo(Level.ERROR);
        assertThat(of(findings, "postgres.fsync").repair()).startsWith("ALTER SYSTEM SET fsync = on;");
        assertThat(of(findings, "postgres.schema").level()).isEqualTo(Level.OK);
        assertThat(of(findings, "postgres.partitions").level()).isEqualTo(Level.OK);
        assertThat(of(findings, "postgres.rights").level()).isEqualTo(Level.OK);
        assertThat(of(findings, "clock.postgres").level()).isEqualTo(Level.OK);
    }

    @Test
    void aClockThatIsWrongIsAnError() {
        Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-30));

        Finding clock = of(CHECK.findings(address(database, database.user()), slow), "clock.postgres");

        assertThat(clock.level()).isEqualTo(Level.ERROR);
        assertThat(clock.found()).containsPattern("(29|30)\\d{3} ms behind");
    }

    @Test
    void aRoleThatMayNotWriteOrSeeOthersIsSaid() throws Exception {
        execute("DO $$BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN END$$");
        execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");

        Finding rights = of(CHECK.findings(address(database, "reader"), Clock.systemUTC()), "postgres.rights");

        assertThat(rights.level()).isEqualTo(Level.ERROR);
        assertThat(rights.found()).contains("missing:", "CREATE in the schema", "more");
    }

    @Test
    void aDatabaseWithoutItsSchemaIsToBeMigratedAndOneThatIsNotThereToBeStarted() {
        PostgresServer.Database empty = PostgresServer.shared().newEmptyDatabase();

        List<Finding> findings = CHECK.findings(address(empty, empty.user()), Clock.systemUTC());
        List<Finding> nobody =
                CHECK.findings(new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/sonde", "x", ""), Clock.systemUTC());

        assertThat(of(findings, "postgres.schema").level()).isEqualTo(Level.ERROR);
        assertThat(of(findings, "postgres.schema").repair()).contains("sonde migrate");
        assertThat(of(findings, "postgres.partitions").level()).isEqualTo(Level.WARNING);
        assertThat(nobody).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.ERROR);
            assertThat(finding.found()).contains("127.0.0.1:1");
            assertThat(finding.repair()).contains("sonde.database.url");
        });
    }

    @Test
    void aDataFolderIsLookedAtWhetherSomethingRunsOnItOrNot() throws Exception {
        Path data = folder.resolve("data");
        int port = NodeProcess.freePort();
        List<Finding> before = Doctor.ofFolder(data, port, 0, Optional.empty(), Clock.systemUTC());
        boolean made = Files.exists(data);
        Said running;
        try (LocalPostgres postgres = LocalPostgres.start(DataFolder.open(data))) {
            new Migrations(postgres.address()).migrate();
            running = ofFolder(data, port);
        }
        Path token = Files.writeString(data.resolve("token"), "sonde_admin_x");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        Said stopped = ofFolder(data, port);

        assertThat(made).as("a look makes no folder").isFalse();
        assertThat(of(before, "folder").level()).isEqualTo(Level.OK);
        for (Said said : List.of(running, stopped)) {
            for (String check : List.of(
                    "configuration",
                    "java",
                    "folder",
                    "port " + port,
                    "disk.fsync",
                    "postgres",
                    "postgres.fsync",
                    "postgres.full_page_writes",
                    "postgres.synchronous_commit",
                    "postgres.schema",
                    "postgres.partitions",
                    "clock.postgres")) {
                // A busy machine may be slow to sync.
                assertThat(said.level(check)).as(said.out).isIn("ok", check.equals("disk.fsync") ? "warning" : "ok");
            }
        }
        assertThat(running.code).as(running.out).isIn(ExitCode.OK.code(), ExitCode.DOUBTFUL.code());
        assertThat(LocalPostgres.runningOn(DataFolder.open(data)))
                .as("what was started was stopped")
                .isEmpty();
        assertThat(stopped.code).isEqualTo(ExitCode.BROKEN.code());
        assertThat(stopped.json().path("outcome").asText()).isEqualTo("broken");
        assertThat(stopped.out).contains("chmod 600");
    }

    @Test
    void aFolderThatMayNotBeUsedIsAnError() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("---------"));
        try {
            Said said =
                    doctor(Unprivileged.PREFIX, "--data", data.toString(), "--http-port", "0", "--target-port", "0");

            assertThat(said.level("folder")).isEqualTo("error");
            assertThat(said.finding("folder").path("repair").asText()).contains("chmod u+rwx");
            assertThat(said.code).isEqualTo(ExitCode.BROKEN.code());
        } finally {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aNodesConfigurationIsLookedAtWithAllThatItNames() throws Exception {
        try (NatsServer nats = NatsServer.start()) {
            Path config = folder.resolve("node.conf");
            Files.writeString(
                    config,
                    """
                    sonde.bus = jetstream
                    sonde.http.port = %d
                    sonde.database { url = "%s", user = %s, password = open }
                    sonde.nats { url = "%s", monitor-url = "%s", max-bytes = 64MiB, dead-letter-bytes = 16MiB }
                    pekko.remote.artery.canonical.port = %d
                    """
                            .formatted(
                                    NodeProcess.freePort(),
                                    database.url(),
                                    database.user(),
                                    nats.url(),
                                    nats.monitorUrl(),
                                    NodeProcess.freePort()));
            Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
            Said said = doctor(List.of(), "--config", config.toString());

            assertThat(said.code).isEqualTo(ExitCode.BROKEN.code());
            assertThat(said.level("secrets")).isEqualTo("error");
            assertThat(said.level("postgres.fsync")).isEqualTo("error");
            assertThat(said.level("nats")).isEqualTo("ok");
            assertThat(said.level("clock.nats")).isEqualTo("ok");
            assertThat(said.level("nats.stream telemetry-events")).isEqualTo("ok");
            assertThat(said.out).doesNotContain("\"not checked");
        }
    }

    @Test
    void allThatIsWrongInAConfigurationIsSaidAtOnce() throws Exception {
        Path config = Files.writeString(folder.resolve("bad.conf"), "sonde.http.prot = 1\nsonde.bus = pigeon\n");

        Said said = doctor(List.of(), "--config", config.toString());

        assertThat(said.code).isEqualTo(ExitCode.BROKEN.code());
        assertThat(said.finding("configuration").path("found").asText())
                .contains("2 mistakes", "sonde.http.prot", "pigeon");
    }

    private static DatabaseAddress address(PostgresServer.Database of, String user) {
        return new DatabaseAddress(of.url().replaceAll("\\?.*", ""), user, "");
    }

    private static Finding of(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + check + " in " + findings));
    }

    private Said ofFolder(Path data, int port) throws Exception {
        return doctor(
                List.of(), "--data", data.toString(), "--http-port", Integer.toString(port), "--target-port", "0");
    }

    private Said doctor(List<String> before, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Jvm.compiler(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "doctor",
                "--json"));
        Stream.of(arguments).forEach(command::add);
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(out).as(Files.readString(err)).startsWith("{");
        return new Said(process.exitValue(), out);
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

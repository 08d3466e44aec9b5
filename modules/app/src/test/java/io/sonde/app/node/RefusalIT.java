package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.cli.Said;
import io.sonde.app.problem.ExitCode;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sonde node} with something in its way: one line that names it, its exit code, no stack trace. */
@Timeout(120)
class RefusalIT {
    @TempDir
    private Path folder = Path.of("set by JUnit");

    @Test
    void aDatabaseThatNobodyMigratedIsRefused() throws Exception {
        PostgresServer.Database database = PostgresServer.shared().newEmptyDatabase();

        assertThat(refusal(database, Map.of(), ExitCode.SCHEMA)).contains(database.url(), "run: sonde migrate");
    }

    @Test
    void aDatabaseOfANewerVersionIsRefused() throws Exception {
        PostgresServer.Database database = migrated();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO flyway_schema_history SELECT installed_rank + 1, '999', description, type,"
                    + " script, checksum, installed_by, installed_on, execution_time, success FROM flyway_schema_history"
                    + " ORDER BY installed_rank DESC LIMIT 1");
        }

        assertThat(refusal(database, Map.of(), ExitCode.SCHEMA)).contains("version 999", "use the newer sonde");
    }

    @Test
    void aWrongConfigurationKeyIsRefused() throws Exception {
        assertThat(refusal(migrated(), Map.of("sonde.http.prot", "0"), ExitCode.USAGE))
                .contains("sonde.http.prot", "did you mean sonde.http.port?");
    }

    @Test
    void aDatabaseThatIsNotThereIsRefused() throws Exception {
        Map<String, String> nowhere = Map.of("sonde.database.url", "\"jdbc:postgresql://127.0.0.1:1/sonde\"");

        assertThat(refusal(migrated(), nowhere, ExitCode.UNREACHABLE)).contains("127.0.0.1:1", "does not answer");
    }

    @Test
    void aBusThatIsNotThereIsRefused() throws Exception {
        Map<String, String> nowhere = Map.of("sonde.bus", "jetstream", "sonde.nats.url", "\"nats://127.0.0.1:1\"");

        assertThat(refusedStart(nowhere, ExitCode.UNREACHABLE)).contains("nats://127.0.0.1:1", "sonde.nats.url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sonde.http.port", "pekko.remote.artery.canonical.port", "pekko.management.http.port"})
    void aPortThatIsTakenIsRefused(String key) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(refusal(migrated(), Map.of(key, port, "sonde.management", "on"), ExitCode.IN_USE))
                    .contains("127.0.0.1:" + port, key);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefusedByItsOwnKey() throws Exception {
        Map<String, String> elsewhere = Map.of("sonde.http.host", "192.0.2.1");

        assertThat(refusal(migrated(), elsewhere, ExitCode.USAGE)).contains("192.0.2.1", "sonde.http.host");
    }

    @Test
    void aCertificateThatIsNotThereIsRefused() throws Exception {
        Map<String, String> nowhere =
                Map.of("sonde.http.tls.certificate", "\"/none/c.pem\"", "sonde.http.tls.key", "\"/none/k.pem\"");

        assertThat(refusedStart(nowhere, ExitCode.USAGE)).contains("/none/c.pem", "sonde.http.tls.certificate");
    }

    /** The one line that a person sees, of what is refused before anything is started: in this JVM. */
    private String refusal(PostgresServer.Database database, Map<String, String> inTheWay, ExitCode code)
            throws IOException {
        Path file = Files.writeString(
                folder.resolve("node.conf"),
                settings(database, inTheWay).entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue() + "\n")
                        .collect(Collectors.joining()));

        Said said = Said.of("node", "--config", file.toString());

        assertThat(said.code()).as(said.err()).isEqualTo(code);
        return assertThat(said.err().lines()).singleElement().actual();
    }

    /** The same of a node that has begun to start: a process of its own. */
    private String refusedStart(Map<String, String> inTheWay, ExitCode code) throws IOException, InterruptedException {
        NodeProcess.Refusal refusal = NodeProcess.refused(folder, "node", settings(migrated(), inTheWay));

        assertThat(refusal.log()).noneMatch(line -> line.startsWith("\tat ") || line.matches("\\S+Exception.*"));
        assertThat(refusal.exitCode()).isEqualTo(code.code());
        return assertThat(refusal.log())
                .filteredOn(line -> line.startsWith("sonde: "))
                .singleElement()
                .actual();
    }

    private static Map<String, String> settings(PostgresServer.Database database, Map<String, String> inTheWay) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "sonde.http.port", "0",
                "sonde.database.url", "\"" + database.url() + "\"",
                "sonde.database.user", database.user(),
                "pekko.remote.artery.canonical.port", "0",
                "pekko.management.http.port", "0"));
        settings.putAll(inTheWay);
        return settings;
    }

    private static PostgresServer.Database migrated() {
        return PostgresServer.shared().newDatabase();
    }
}

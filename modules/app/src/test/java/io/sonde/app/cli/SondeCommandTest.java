package io.sonde.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.problem.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SondeCommandTest {
    private Said said = new Said(ExitCode.OK, "", "");

    @Test
    void withoutACommandItTeaches() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("Start here:", "sonde up", "Exit codes:");
    }

    @Test
    void aWrongFlagIsOneLineAndTheWayToHelp() {
        assertThat(run("up", "--prot", "1")).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("--prot", "try: sonde up --help").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"up", "node", "migrate", "target", "token", "user", "rebuild", "verify", "notify", "postgres"})
    void everyCommandHasHelpWithAnExample(String command) {
        assertThat(run(command, "--help")).isEqualTo(ExitCode.OK);
        assertThat(said.out()).containsPattern("Examples?:").contains("sonde " + command);
    }

    @Test
    void theVersionNamesProgramDatabaseAndJava() {
        assertThat(run("version")).isEqualTo(ExitCode.OK);
        assertThat(said.out())
                .containsPattern("sonde \\d")
                .containsPattern("postgres \\d+")
                .contains("java ");
    }

    @Test
    void aTakenPortIsOneLine(@TempDir Path folder) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run("up", "--data", folder.toString(), "--http-port", port, "--target-port", "0"))
                    .isEqualTo(ExitCode.IN_USE);
            assertThat(complaint()).contains("127.0.0.1:" + port, "--http-port");
        }
    }

    @Test
    void aFolderThatIsAFileIsOneLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(run("up", "--data", file.resolve("data").toString())).isNotEqualTo(ExitCode.OK);
        assertThat(complaint()).contains(file.toString(), "--data DIR");
    }

    @Test
    void aDatabaseThatIsNotThereIsOneLine(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(
                folder.resolve("my.conf"), "sonde.database.url = \"jdbc:postgresql://127.0.0.1:1/sonde\"");

        assertThat(run("migrate", "--config", config.toString())).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(complaint()).contains("127.0.0.1:1", "does not answer");
    }

    @Test
    void aFolderWithoutADatabaseHasNoTokens(@TempDir Path folder) {
        assertThat(run("token", "list", "--data", folder.resolve("none").toString()))
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(complaint()).contains("none", "--config FILE");
    }

    @Test
    void theDirectBusHasNoDeadLetters(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("my.conf"), "sonde.bus = direct");

        assertThat(run("dlq", "list")).isEqualTo(ExitCode.USAGE);
        assertThat(complaint()).contains("no dead letters", "--config FILE");
        assertThat(run("dlq", "list", "--config", config.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(complaint()).contains("sonde.bus = direct");
    }

    @Test
    void deadLettersAreOnlyDiscardedWhenItIsReallyMeant() {
        assertThat(run("dlq", "discard", "--config", "none.conf")).isEqualTo(ExitCode.USAGE);
        assertThat(complaint()).contains("--dry-run", "--yes");
    }

    @Test
    void aLogFormatThatIsNoneIsRefusedAsNothingWouldBeLogged() {
        System.setProperty("SONDE_LOG_FORMAT", "xml");
        try {
            assertThat(run("version")).isEqualTo(ExitCode.USAGE);
        } finally {
            System.clearProperty("SONDE_LOG_FORMAT");
        }
        assertThat(complaint()).contains("SONDE_LOG_FORMAT is xml, it must be text or json");
    }

    @Test
    void aTimeThatIsNoneIsSaidWithExamples() {
        assertThat(run("dlq", "list", "--since", "yesterday")).isEqualTo(ExitCode.USAGE);
        assertThat(complaint()).contains("'yesterday' is no time", "12h");
    }

    /** The one line that says "sonde: …". */
    private String complaint() {
        assertThat(said.err()).doesNotContain("\tat ").doesNotContain("Exception");
        return said.err()
                .lines()
                .filter(line -> line.startsWith("sonde: "))
                .toList()
                .toString();
    }

    private ExitCode run(String... arguments) {
        said = Said.of(arguments);
        return said.code();
    }
}

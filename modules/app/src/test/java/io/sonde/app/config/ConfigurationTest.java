package io.sonde.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {
    @Test
    void nothingSetIsTheDefaults() {
        Config config = Configuration.of(ConfigFactory.empty());

        assertThat(config.getInt("sonde.http.port")).isEqualTo(8081);
        assertThat(config.getString("pekko.actor.provider")).isEqualTo("cluster");
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndTheNearestKnownOne(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "sonde {\n  http.prot = 9081\n}\n");

        assertThatThrownBy(() -> Configuration.ofFile(file))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContainingAll("sonde.http.prot", "my.conf: 2", "did you mean sonde.http.port?");
    }

    @Test
    void allMistakesAreToldTogether() {
        Config set = ConfigFactory.parseString(
                """
                sonde.http.port = many
                sonde.nats.ack-wait = [1]
                sonde.nats.max-bytes = big
                sonde.databse.url = "jdbc:postgresql://localhost/sonde"
                sonde.database.url = "x"
                sonde.bus = carrier-pigeon
                """);

        assertThatThrownBy(() -> Configuration.of(set))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "6 mistakes",
                        "sonde.http.port",
                        "is to be a whole number, and is many",
                        "sonde.nats.ack-wait",
                        "is to be a duration such as 90s",
                        "sonde.nats.max-bytes",
                        "is to be a size such as 4GiB",
                        "did you mean sonde.database.url?",
                        "sonde.database.url is x, it must be like jdbc:postgresql://",
                        "sonde.bus is carrier-pigeon, it must be direct or jetstream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sonde.database.url = \"jdbc:postgresql://h/sonde?ssl=true&password=s3cret\"",
                "sonde.database.url = \"jdbc:postgresql://h/sonde?USER=s3cret\"",
                "sonde.database.url = \"jdbc:postgresql://sonde:s3cret@h/sonde\"",
                "sonde.database.url = \"postgresql://sonde:s3cret@h/sonde\"",
                "sonde.tracing.endpoint = \"http://me:s3cret@h:4318\"",
                "sonde.tracing.endpoint = \"http://h:4318?token=s3cret\"",
                "sonde.otlp-windows.endpoint = \"https://s3cret@h\""
            })
    void aSecretInAUrlIsRefusedAndNotRepeated(String line) {
        assertThatThrownBy(() -> Configuration.of(ConfigFactory.parseString(line)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(line.substring(0, line.indexOf(' ')))
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aValueOfTheRightTypeThatMakesNoSenseIsSaidByItsModule() {
        Config set = ConfigFactory.parseString("sonde.bus = kafka, sonde.views.group-size = 0");

        assertThatThrownBy(() -> Configuration.of(set))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("2 mistakes", "must be direct or jetstream", "sonde.views.group-size is 0");
    }

    @Test
    void whatIsKeptIsCheckedAsAWhole() {
        Config set =
                ConfigFactory.parseString("sonde.upkeep { months-ahead = 0, keep-minutes = 60 d, keep-rollups = 30 d,"
                        + " keep-journal = 90 d, batch = 0, keep-ended = 1 h }");

        assertThatThrownBy(() -> Configuration.of(set))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "5 mistakes",
                        "sonde.upkeep.months-ahead is 0",
                        "sonde.upkeep.keep-rollups is PT720H, it must be at least as long as keep-minutes",
                        "sonde.upkeep.keep-journal is PT2160H, it must be at most as long as keep-minutes",
                        "sonde.upkeep.batch is 0",
                        "sonde.upkeep.keep-ended is PT1H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sonde.windows.ask-timeout = 2m", "sonde.nats.max-ack-pending = 200000"})
    void limitsOfTheBusThatContradictWhatLiesBehindItAreRefused(String set) {
        assertThatThrownBy(() -> Configuration.of(ConfigFactory.parseString("sonde.bus = jetstream\n" + set)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("sonde.nats.");
    }

    @Test
    void limitsOfABusThatIsNotUsedNeedNotAgree() {
        Config config = Configuration.of(ConfigFactory.parseString("sonde.windows.ask-timeout = 2m"));

        assertThat(config.getString("sonde.bus")).isEqualTo("direct");
    }

    @Test
    void aTenantsOwnKeysAreThoseThatAreSetForAll() {
        Config set = ConfigFactory.parseString(
                """
                sonde.edge.rate.tenants."acme.com".burst = 20000
                sonde.edge.rate.tenants.acme.burts = 20000
                sonde.edge.rate.tenants.umbrella.burst = many
                sonde.edge.tenants.wayne.rate.burst = 20000
                """);

        assertThatThrownBy(() -> Configuration.of(set))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll("3 mistakes", "tenants.acme.burts", "tenants.umbrella.burst", "tenants.wayne")
                .hasMessageNotContaining("acme.com");
    }

    @Test
    void channelsHaveNamesOfTheOperatorsChoiceAndTheirMistakesAreToldWithTheOthers() {
        Config set = ConfigFactory.parseString(
                """
                sonde.notify.channels."on call" { type = slack, url = "https://hooks.slack.com/services/a/b/c" }
                sonde.notify.channels.ops { type = slack, ulr = "https://hooks.slack.com/services/a/b/c" }
                sonde.notify.channels.mail { type = pigeon }
                sonde.notify.chanels.ops { type = log }
                sonde.notify.routes = [{ channels = ["on call", nobody] }]
                """);

        assertThatThrownBy(() -> Configuration.of(set))
                .isInstanceOf(Problem.class)
                .hasMessageContainingAll(
                        "4 mistakes",
                        "sonde.notify.channels.ops.ulr",
                        "sonde.notify.channels.mail.type",
                        "sonde.notify.chanels.ops.type",
                        "there is no channel nobody")
                .hasMessageNotContaining("channels.on call");
    }

    @Test
    void aNumberInQuotationMarksIsANumberAsFromTheEnvironment() {
        Config config = Configuration.of(ConfigFactory.parseString("sonde.http.port = \"9081\""));

        assertThat(config.getInt("sonde.http.port")).isEqualTo(9081);
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> Configuration.ofFile(folder.resolve("none.conf")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("none.conf");
    }

    @Test
    void aFileThatIsNotHoconIsNamedWithItsLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "sonde {\n  http.port = \n");

        assertThatThrownBy(() -> Configuration.ofFile(file))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("my.conf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sonde.conf", "node1.conf", "node2.conf"})
    void whatWeShipIsRight(String name) {
        Path shipped = Path.of("..", "..", "conf", name);

        Config config = Configuration.ofFile(shipped);

        assertThat(config.getString("sonde.bus")).isEqualTo("jetstream");
    }
}

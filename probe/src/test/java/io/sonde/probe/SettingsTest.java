package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Map<String, Object> ENOUGH = Map.of("targets", List.of("http://a/"), "token", "t");

    @TempDir
    Path folder;

    @Test
    void theDefaultsAreComplete() throws Exception {
        AgentSettings settings = read(ENOUGH, Map.of(), "");

        assertThat(settings.plan().pace().interval()).hasSeconds(5);
        assertThat(settings.plan().pace().throughputInterval()).contains(Duration.ofMinutes(5));
        assertThat(settings.upload().events()).hasToString("http://127.0.0.1:8081/api/v1/events");
        assertThat(settings.upload().batch()).isLessThanOrEqualTo(1_000);
        assertThat(settings.home()).hasToString(System.getProperty("user.home") + "/.sonde/probe");
        assertThat(settings.upload().queue().folder()).isEqualTo(settings.home().resolve("queue"));
        assertThat(settings.upload().queue().bytes()).isEqualTo(16 << 20);
        assertThat(settings.upload().queue().fsyncInterval()).contains(Duration.ofSeconds(5));
        assertThat(settings.plan().breaker()).isEqualTo(new Breaker(10, 6));
        assertThat(settings.place().interfaceType()).isNull();
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
        String file = "sonde.probe { interval = 1s, label = file, client-id = file }";
        Map<String, String> environment =
                Map.of("SONDE_PROBE_LABEL", "environment", "SONDE_PROBE_CLIENT_ID", "environment");

        AgentSettings settings =
                read(Map.of("targets", List.of("http://a/"), "token", "t", "label", "flag"), environment, file);

        assertThat(settings.place().label()).isEqualTo("flag");
        assertThat(settings.clientId()).isEqualTo("environment");
        assertThat(settings.plan().pace().interval()).hasSeconds(1);
    }

    @Test
    void theEnvironmentNamesTargetsSeparatedBySpaces() throws Exception {
        Map<String, String> environment = Map.of(
                "SONDE_PROBE_TARGETS", "http://a/ http://b/,throughput=http://c/", "SONDE_PROBE_UPLOAD_GZIP", "false");

        AgentSettings settings = read(Map.of("token", "t"), environment, "");

        assertThat(settings.plan().targets()).hasSize(2);
        assertThat(settings.plan().targets().get(1).download()).isPresent();
        assertThat(settings.upload().gzip()).isFalse();
    }

    @Test
    void everythingThatIsWrongIsSaidTogetherALineEach() {
        String file = "sonde.probe { intervall = 1s, threads = 0, upload = 3, timeout.dns = soon }\nother = 1";
        Map<String, String> environment = Map.of("SONDE_PROBE_INTERVAL", "never", "SONDE_PROBE_LABLE", "x");
        Map<String, Object> flags = Map.of("targets", List.of("ftp://a"), "vpn", "perhaps", "ingest-url", "nowhere");

        assertThatThrownBy(() -> read(flags, environment, file))
                .isInstanceOf(WrongSettings.class)
                .hasMessageContaining("other: unknown key")
                .hasMessageContaining("intervall: unknown key")
                .hasMessageContaining("SONDE_PROBE_LABLE: unknown environment variable")
                .hasMessageContaining(
                        "interval: \"never\" (environment variable SONDE_PROBE_INTERVAL): it must be a duration")
                .hasMessageContaining("threads: 0")
                .hasMessageContaining("upload.gzip: it must be true or false")
                .hasMessageContaining("timeout.dns: ")
                .hasMessageContaining("'ftp://a' is not a target")
                .hasMessageContaining("vpn: ")
                .hasMessageContaining(
                        "ingest-url: \"nowhere\" (the command line): it must be the http or https URL of a node")
                .satisfies(
                        wrong -> assertThat(String.valueOf(wrong.getMessage()).lines())
                                .allMatch(line -> line.matches("[A-Za-z_.-]+: .*")))
                .hasMessageContaining("token: none given");
    }

    @Test
    void theNodeMaySayWhatToMeasureAndThenNoTargetIsNeeded() throws Exception {
        Map<String, Object> flags = Map.of("token", "sonde_ingest_abc", "config-from-node", "true");

        AgentSettings settings = read(flags, Map.of("SONDE_PROBE_ALLOW_PRIVATE_TARGETS", "true"), "");

        assertThat(settings.plan().targets()).isEmpty();
        assertThat(settings.orders()).hasValueSatisfying(orders -> {
            assertThat(orders.reach()).isEqualTo(Reach.PRIVATE_TOO);
            assertThat(orders.poll()).hasSeconds(30);
        });
        assertThat(settings.toString()).doesNotContain("sonde_ingest_abc");
        assertThat(read(flags, Map.of(), "").orders())
                .hasValueSatisfying(orders -> assertThat(orders.reach()).isEqualTo(Reach.PUBLIC));
        assertThat(read(ENOUGH, Map.of(), "").orders()).isEmpty();
        assertThatThrownBy(() -> read(Map.of("token", "t"), Map.of(), "")).hasMessageContaining("nothing to measure");
    }

    @Test
    void aTokenComesFromAFileAndIsNeverShown() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "sonde_ingest_abc\n");
        Map<String, Object> flags = Map.of("targets", List.of("http://a/"), "token-file", token.toString());

        assertThat(read(flags, Map.of(), "").upload().token()).isEqualTo("sonde_ingest_abc");
        assertThat(read(flags, Map.of(), "").toString()).doesNotContain("sonde_ingest_abc");
        Files.writeString(token, "sonde_ingest_abc and more");
        assertThatThrownBy(() -> read(flags, Map.of(), ""))
                .hasMessageContaining("token-file")
                .hasMessageNotContaining("sonde_ingest_abc");
    }

    @Test
    void throughputCanBeSwitchedOffAndTheNameServerChosen() throws Exception {
        Map<String, Object> flags = Map.of(
                "targets",
                List.of("http://a/"),
                "token",
                "t",
                "throughput-interval",
                "off",
                "dns-server",
                "[::1]:5353");

        AgentSettings settings = read(flags, Map.of(), "");

        assertThat(settings.plan().pace().throughputInterval()).isEmpty();
        assertThat(settings.measure().dns().servers()).singleElement().hasToString("/[0:0:0:0:0:0:0:1]:5353");
    }

    @Test
    void theQueueIsLimitedInBytesAndItsFsyncCanBeSwitchedOff() throws Exception {
        String file = "sonde.probe.upload.queue { size = 1 MiB, fsync = off }";

        assertThat(read(ENOUGH, Map.of(), file).upload().queue().bytes()).isEqualTo(1 << 20);
        assertThat(read(ENOUGH, Map.of(), file).upload().queue().fsyncInterval())
                .isEmpty();
        assertThatThrownBy(() -> read(ENOUGH, Map.of("SONDE_PROBE_UPLOAD_QUEUE_SIZE", "10k"), ""))
                .hasMessageContaining("upload.queue.size: \"10k\"")
                .hasMessageContaining("it must be a size of 512 KiB to 1024 GiB");
    }

    @Test
    void aTokenThatCannotBeAHeaderIsNotShownEither() {
        assertThatThrownBy(() -> read(Map.of("targets", List.of("http://a/"), "token", "sonde_ingest_ä"), Map.of(), ""))
                .hasMessageContaining("token: ")
                .hasMessageNotContaining("sonde_ingest_ä");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> {
                    List<String> problems = new ArrayList<>();
                    AgentSettings.read(
                            SettingsSources.merge(ENOUGH, Map.of(), folder.resolve("none.conf"), problems), problems);
                })
                .isInstanceOf(WrongSettings.class)
                .hasMessageContaining("none.conf");
    }

    private AgentSettings read(Map<String, ?> flags, Map<String, String> environment, String file)
            throws IOException, WrongSettings {
        Path written = Files.writeString(folder.resolve("probe.conf"), file);
        List<String> problems = new ArrayList<>();
        return AgentSettings.read(SettingsSources.merge(flags, environment, written, problems), problems);
    }
}

package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nats.client.api.ServerInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerPromisesTest {
    @ParameterizedTest
    @ValueSource(strings = {"2.9.10", "2.10.26", "2.11.15", "2.12.6", "2.13.0"})
    void aServerWithKnownHolesIsSaid(String version) throws Exception {
        assertThat(lacksOf(version, "")).anyMatch(lack -> lack.contains("known holes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.11.16", "2.12.7", "2.14.0", "3.0.0"})
    void aServerWithoutThemIsNot(String version) throws Exception {
        assertThat(lacksOf(version, "")).noneMatch(lack -> lack.contains("known holes") || lack.contains("CVE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.10.27", "2.10.29"})
    void theLineThatNeverGotTheLastFixIsSaidWithThatHole(String version) throws Exception {
        assertThat(lacksOf(version, ""))
                .anyMatch(lack -> lack.contains("CVE-2026-58253") && lack.contains("take 2.11.16"));
    }

    @Test
    void aServerThatKnowsNoSyncAlwaysIsSaid() throws Exception {
        assertThat(lacksOf("2.9.25", "http://127.0.0.1:1")).anyMatch(lack -> lack.contains("knows no sync_interval"));
    }

    @Test
    void aServerThatCannotBeAskedIsSaid() throws Exception {
        assertThat(lacksOf("2.12.7", "")).singleElement().asString().contains("monitor-url is not set");
        assertThat(lacksOf("2.12.7", "http://127.0.0.1:1"))
                .singleElement()
                .asString()
                .contains("cannot be asked");
        assertThat(asked("{\"jetstream\":{\"config\":{}}}"))
                .singleElement()
                .asString()
                .contains("does not say");
        assertThat(asked("not json")).singleElement().asString().contains("cannot be asked");
    }

    @Test
    void aServerThatSyncsLazilyIsSaidWithItsInterval() throws Exception {
        assertThat(asked("{\"jetstream\":{\"config\":{\"sync_interval\":120000000000}}}"))
                .singleElement()
                .asString()
                .contains("syncs every 120 s only");
    }

    @Test
    void aServerThatSyncsBeforeItAcknowledgesLacksNothing() throws Exception {
        assertThat(asked("{\"jetstream\":{\"config\":{\"sync_interval\":120000000000,\"sync_always\":true}}}"))
                .isEmpty();
    }

    @Test
    void everyServerWeConfigureSyncsBeforeItAcknowledges() throws Exception {
        Path root = Path.of("..", "..");

        assertThat(Files.readString(root.resolve("deploy/nats.conf"))).containsPattern("(?m)^ *sync_interval: always$");
        assertThat(Files.readString(root.resolve("docker-compose.yml")))
                .contains("./deploy/nats.conf:/etc/nats/nats.conf");
        assertThat(Files.readString(root.resolve("deploy/cluster.sh"))).contains("echo '  sync_interval: always'");
    }

    @Test
    void aServerThatTakesOnlySmallMessagesIsSaid() throws Exception {
        ServerInfo small = new ServerInfo("{\"version\":\"2.9.25\",\"max_payload\":1024}");

        assertThat(ServerPromises.lacks(small, "")).anyMatch(lack -> lack.contains("max_payload"));
    }

    private static List<String> asked(String varz) throws Exception {
        HttpServer monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        monitor.createContext("/varz", exchange -> {
            byte[] body = varz.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        monitor.start();
        try {
            return lacksOf("2.12.7", "http://127.0.0.1:" + monitor.getAddress().getPort());
        } finally {
            monitor.stop(0);
        }
    }

    private static List<String> lacksOf(String version, String monitorUrl) throws Exception {
        return ServerPromises.lacks(
                new ServerInfo("{\"version\":\"" + version + "\",\"max_payload\":1048576}"), monitorUrl);
    }
}

package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sonde.testkit.NatsServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NatsConnectionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SECRET = "correct horse";
    private static final String LOGIN = "user = sonde, password = \"" + SECRET + "\"";

    @Test
    void noPasswordIsLogged() throws Exception {
        try (Logged logged = Logged.of("io.sonde", "io.nats")) {
            try (TestBus test = TestBus.start(LOGIN)) {
                test.server.kill();
                await().atMost(PATIENCE).until(() -> !test.bus.isReady());
                test.server.restart();
                await().atMost(PATIENCE).until(test.bus::isReady);
            }

            List<String> lines = logged.lines();
            assertThat(lines).anyMatch(line -> line.contains("connection disconnected"));
            assertThat(lines).noneMatch(line -> line.contains(SECRET));
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidWithoutThePassword() throws Exception {
        NatsServer server = NatsServer.start();
        server.close();

        assertThatThrownBy(() -> NatsConnection.open(TestSettings.at(server.url(), LOGIN)))
                .hasMessageNotContaining(SECRET);
    }
}

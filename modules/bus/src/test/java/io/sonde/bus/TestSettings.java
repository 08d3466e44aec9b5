package io.sonde.bus;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.testkit.NatsServer;

/** The settings as they are shipped, with what tests cannot wait for made short. */
final class TestSettings {
    private TestSettings() {}

    static JetStreamSettings at(String url, String others) {
        Config short_ = ConfigFactory.parseString(
                """
                clock-difference = 0s
                ping-interval = 1s
                publish-timeout = 500ms
                ack-wait = 3s
                max-bytes = 64MiB
                dead-letter-bytes = 16MiB
                redelivery-delay = 20ms
                max-redelivery-delay = 200ms
                """);
        Config nats = ConfigFactory.parseString(others)
                .withFallback(short_)
                .atPath("sonde.nats")
                .withFallback(ConfigFactory.parseString("sonde.nats.url = \"" + url + "\""))
                .withFallback(ConfigFactory.defaultReference());
        return JetStreamSettings.from(nats.getConfig("sonde"));
    }

    static JetStreamSettings at(NatsServer server) {
        return at(server.url(), "");
    }
}

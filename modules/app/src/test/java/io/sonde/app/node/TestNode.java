package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.testkit.PostgresServer;
import java.util.Map;

/** The configuration of a node inside a test: any free ports, the test's database. */
final class TestNode {
    private TestNode() {}

    static Config config(PostgresServer.Database database, Map<String, String> settings) {
        return ConfigFactory.load(ConfigFactory.parseMap(settings)
                .withFallback(ConfigFactory.parseMap(Map.of(
                        "sonde.http.port",
                        0,
                        "sonde.database.url",
                        database.url(),
                        "sonde.database.user",
                        database.user(),
                        "pekko.remote.artery.canonical.port",
                        0)))
                .withFallback(ConfigFactory.parseResources("node.conf")));
    }
}

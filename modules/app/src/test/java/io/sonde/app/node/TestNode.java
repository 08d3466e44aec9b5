package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/** A node inside a test: any free ports, the test's database, a token. */
final class TestNode {
    private TestNode() {}

    static Config config(PostgresServer.Database database, Map<String, ?> settings) {
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

    static String adminToken(PostgresServer.Database database) {
        return new TokenTable(database.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", Scope.ADMIN, null, "", null))
                .token()
                .text();
    }
}

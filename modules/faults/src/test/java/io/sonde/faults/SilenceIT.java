package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sonde.core.Minute;
import io.sonde.testkit.Expected;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import io.sonde.windows.ShardedWindows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Sources whose probes went silent, and whose shards then had to move: nobody sends what would start them again. */
class SilenceIT {
    private static final String STILL_OPEN =
            """
            SELECT count(*) FROM (
                SELECT DISTINCT ON (persistence_id) event_ser_manifest FROM windows_event
                ORDER BY persistence_id, sequence_number DESC) last
            WHERE event_ser_manifest <> ?
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final SondeClient sonde = new SondeClient(database.dataSource(), AdminToken.of(database));

    @Test
    void r36TheLastWindowIsStoredAndSealedAfterACrashAndARebalance() throws Exception {
        Random random = new Random(Extent.seed());
        try (NatsServer nats = NatsServer.start();
                Nodes nodes = Nodes.onJetStream(folder, database, nats, 3)) {
            List<String> urls = nodes.urls().stream().map(Object::toString).toList();
            long minute = Minute.startOf(System.currentTimeMillis() + 20_000);
            List<Sent> events = Sent.random(random, 60, minute, false);
            sonde.post(events, urls, random);
            nodes.get(1).kill();

            await("the rows of " + events.size() + " events of silent sources")
                    .atMost(Duration.ofMinutes(3))
                    .untilAsserted(() -> assertThat(sonde.rows()).isEqualTo(Expected.rows(events)));
            // Once there are three again, for of two and one that is gone the last may end itself.
            nodes.restart(1);
            assertThat(nodes.get(2).stop()).as("it stops by itself").isTrue();
            await("no source with an open window")
                    .atMost(Duration.ofMinutes(4))
                    .untilAsserted(() -> assertThat(stillOpen()).isZero());
        }
    }

    private long stillOpen() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement(STILL_OPEN)) {
            statement.setString(1, ShardedWindows.NONE_OPEN_MANIFEST);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}

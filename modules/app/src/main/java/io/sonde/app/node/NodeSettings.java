package io.sonde.app.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a node is told of its surroundings.
 *
 * @param management true to serve cluster membership and health checks at {@code pekko.management.http}
 * @param silence after which a source that left windows open is looked after
 */
public record NodeSettings(
        String httpHost, int httpPort, BusKind bus, Database database, boolean management, Duration silence) {
    public NodeSettings {
        if (silence.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "sonde.silence is " + silence.toMillis() + " ms, it must be 1 ms or more");
        }
    }

    /** Which bus lies between the edge and the windows. */
    public enum BusKind {
        DIRECT,
        JETSTREAM
    }

    /**
     * Where PostgreSQL is.
     *
     * @param connections of everything but the journals, which have their own
     */
    public record Database(String url, String user, String password, int connections) {
        @Override
        public String toString() {
            return user + " at " + url;
        }
    }

    public static NodeSettings from(Config sonde) {
        return new NodeSettings(
                sonde.getString("http.host"),
                sonde.getInt("http.port"),
                bus(sonde.getString("bus")),
                database(sonde.getConfig("database")),
                sonde.getBoolean("management"),
                sonde.getDuration("silence"));
    }

    private static BusKind bus(String name) {
        return Arrays.stream(BusKind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("sonde.bus is " + name + ", it must be direct or jetstream"));
    }

    private static Database database(Config database) {
        return new Database(
                database.getString("url"),
                database.getString("user"),
                database.getString("password"),
                database.getInt("connections"));
    }
}

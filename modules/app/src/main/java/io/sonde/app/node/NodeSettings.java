package io.sonde.app.node;

import com.typesafe.config.Config;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.edge.TlsFiles;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * What a node is told of its surroundings.
 *
 * @param management true to serve cluster membership and health checks at {@code pekko.management.http}
 * @param silence after which a source that left windows open is looked after
 * @param clockDifference how far a node's clock may be from the database's
 * @param drainDelay how long a node that stops says so before it takes no more requests
 */
public record NodeSettings(
        String httpHost,
        int httpPort,
        TlsFiles tls,
        BusKind bus,
        Database database,
        boolean management,
        Duration silence,
        Duration clockDifference,
        Duration drainDelay) {
    private static final Pattern CREDENTIALS = Pattern.compile("(?i)[?&](user|password)=|//[^/?]*@");
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

    public NodeSettings {
        requirePositive("sonde.silence", silence);
        requirePositive("sonde.clock-difference", clockDifference);
        if (drainDelay.isNegative() || drainDelay.compareTo(LONGEST_DRAIN) > 0) {
            throw new IllegalArgumentException(
                    "sonde.http.drain-delay is " + drainDelay.toMillis() + " ms, it must be 0 to 30 s");
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
            return user + " at " + DatabaseAddress.shown(url);
        }
    }

    public static NodeSettings from(Config sonde) {
        return new NodeSettings(
                sonde.getString("http.host"),
                port(sonde.getInt("http.port")),
                TlsFiles.from(sonde.getConfig("http.tls")),
                bus(sonde.getString("bus")),
                database(sonde.getConfig("database")),
                sonde.getBoolean("management"),
                sonde.getDuration("silence"),
                sonde.getDuration("clock-difference"),
                sonde.getDuration("http.drain-delay"));
    }

    /** How many connections to the database a node opens, at most. */
    public static int connections(Config whole) {
        return whole.getInt("sonde.database.journal-connections")
                + whole.getInt("sonde.database.connections")
                + whole.getInt(Jdbc.PROJECTION_THREADS);
    }

    private static void requirePositive(String key, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException(key + " is " + duration.toMillis() + " ms, it must be 1 ms or more");
        }
    }

    /** @throws IllegalArgumentException when there is no such port */
    public static int port(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("sonde.http.port is " + port + ", it must be 0 to 65535");
        }
        return port;
    }

    /** @throws IllegalArgumentException when there is no such bus */
    public static BusKind bus(String name) {
        return Arrays.stream(BusKind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("sonde.bus is " + name + ", it must be direct or jetstream"));
    }

    /** @throws IllegalArgumentException when the URL is not one of PostgreSQL, or holds what is secret */
    public static Database database(Config database) {
        String url = database.getString("url");
        if (!url.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("sonde.database.url is " + DatabaseAddress.shown(url)
                    + ", it must be like jdbc:postgresql://127.0.0.1:5432/sonde");
        }
        if (CREDENTIALS.matcher(url).find()) {
            throw new IllegalArgumentException(
                    "sonde.database.url names a user or a password: those are"
                            + " sonde.database.user and sonde.database.password (SONDE_DATABASE_USER, SONDE_DATABASE_PASSWORD)");
        }
        return new Database(
                url, database.getString("user"), database.getString("password"), database.getInt("connections"));
    }
}

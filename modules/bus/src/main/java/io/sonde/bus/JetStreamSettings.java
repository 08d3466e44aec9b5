package io.sonde.bus;

import com.typesafe.config.Config;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code sonde.nats}. Limits that contradict each other are refused here, by the names of their keys.
 *
 * @param url of the servers, comma-separated; it is logged, and so holds no password
 * @param login who we are to the servers
 * @param monitorUrl of a server's monitoring ({@code http://host:8222}), empty when there is none to ask
 * @param maxBytes how much the stream holds of what is not acknowledged; beyond, it refuses
 * @param replicas copies in a NATS cluster
 * @param pingInterval how often the server is asked for a sign of life; a half-open connection is given up after four
 * @param clockDifference what the clocks of an edge and of the NATS server may differ
 */
public record JetStreamSettings(
        String url,
        Login login,
        String monitorUrl,
        long maxBytes,
        int replicas,
        Duration pingInterval,
        Duration clockDifference,
        Publishing publishing,
        Consuming consuming,
        DeadLettering deadLettering) {
    private static final Duration LONGEST_CLOCK_DIFFERENCE = Duration.ofMinutes(10);
    /** The largest message the server takes by default; a fetch smaller than one message would stand still. */
    private static final long LARGEST_MESSAGE = 1 << 20;

    /**
     * Nothing of it where the servers know no users.
     *
     * @param file of credentials, as {@code nsc} makes them; empty where user and password are used
     */
    public record Login(String user, String password, String file) {
        public Login {
            require(
                    user.isEmpty() == password.isEmpty(),
                    "sonde.nats.user and sonde.nats.password: one is set without the other");
            require(
                    file.isEmpty() || user.isEmpty(),
                    "sonde.nats.user and sonde.nats.credentials are both set, and only one can be used");
            require(
                    file.isEmpty() || Files.isReadable(Path.of(file)),
                    "sonde.nats.credentials is " + file + ", which cannot be read");
        }

        @Override
        public String toString() {
            return user.isEmpty() ? file : user;
        }
    }

    /**
     * @param timeout how long a publication may wait for its PubAck
     * @param mostBatches published by this node and not yet answered; beyond, the sender is told at once
     * @param mostBytes the same in bytes
     */
    public record Publishing(Duration timeout, int mostBatches, long mostBytes) {
        public Publishing {
            require(timeout.toMillis() >= 1, "sonde.nats.publish-timeout is 0, it must be 1 ms or more");
            require(mostBatches >= 1, "sonde.nats.max-publishing is " + mostBatches + ", it must be 1 or more");
            require(
                    mostBytes >= LARGEST_MESSAGE,
                    "sonde.nats.max-publishing-bytes is " + mostBytes + ", it must be 1 MiB or more");
        }
    }

    /**
     * @param ackWait after which a delivered and unacknowledged batch is delivered again; longer than a shard's hand-off
     * @param maxAckPending batches delivered and not yet acknowledged, of all nodes together
     * @param mostBytes bytes of batches this node fetches ahead, and as many that it has under way to the recorder
     * @param stalledAfter how long nothing may come although something waits, until the consumption is begun anew
     */
    public record Consuming(Duration ackWait, int maxAckPending, long mostBytes, Duration stalledAfter) {
        public Consuming {
            require(maxAckPending >= 1, "sonde.nats.max-ack-pending is " + maxAckPending + ", it must be 1 or more");
            require(
                    mostBytes >= 2 * LARGEST_MESSAGE,
                    "sonde.nats.max-consuming-bytes is " + mostBytes + ", it must be 2 MiB or more");
            require(
                    stalledAfter.toMillis() >= 1_000,
                    "sonde.nats.stalled-after is " + stalledAfter.toMillis() + " ms, it must be 1 s or more");
        }
    }

    /**
     * @param mostFailures after which a batch is a dead letter
     * @param delay before the second attempt; doubled for each further one
     * @param longestDelay between two attempts
     * @param age how long dead letters are kept
     * @param maxBytes how much of them; beyond, what fails stays in the stream and comes again
     */
    public record DeadLettering(int mostFailures, Duration delay, Duration longestDelay, Duration age, long maxBytes) {
        public DeadLettering {
            require(mostFailures >= 1, "sonde.nats.max-failures is " + mostFailures + ", it must be 1 or more");
            require(
                    delay.toMillis() >= 1 && delay.compareTo(longestDelay) <= 0,
                    "sonde.nats.redelivery-delay is " + delay.toMillis()
                            + " ms, it must be 1 ms or more and not above max-redelivery-delay");
        }
    }

    public JetStreamSettings {
        require(
                url.indexOf('@') < 0,
                "sonde.nats.url holds a user or a password, and is logged: set sonde.nats.user and sonde.nats.password,"
                        + " or sonde.nats.credentials, and take them out of it");
        require(
                consuming.ackWait.compareTo(publishing.timeout) > 0,
                "sonde.nats.ack-wait is " + consuming.ackWait.toMillis()
                        + " ms, it must be longer than publish-timeout, or a dead letter on its way is delivered again");
        require(
                !clockDifference.isNegative() && clockDifference.compareTo(LONGEST_CLOCK_DIFFERENCE) <= 0,
                "sonde.nats.clock-difference is " + clockDifference.toMillis() + " ms, it must be 0 to 10 min");
        require(
                pingInterval.toMillis() >= 100,
                "sonde.nats.ping-interval is " + pingInterval.toMillis() + " ms, it must be 100 ms or more");
        require(
                replicas >= 1 && replicas <= 5 && replicas % 2 == 1,
                "sonde.nats.replicas is " + replicas + ", it must be 1, 3 or 5");
        require(maxBytes >= LARGEST_MESSAGE, "sonde.nats.max-bytes is " + maxBytes + ", it must be 1 MiB or more");
        require(
                monitorUrl.isEmpty() || isHttp(monitorUrl),
                "sonde.nats.monitor-url is " + monitorUrl + ", it must be like http://127.0.0.1:8222, or empty");
    }

    public static JetStreamSettings from(Config sonde) {
        Config nats = sonde.getConfig("nats");
        return new JetStreamSettings(
                nats.getString("url"),
                new Login(nats.getString("user"), nats.getString("password"), nats.getString("credentials")),
                nats.getString("monitor-url"),
                nats.getBytes("max-bytes"),
                nats.getInt("replicas"),
                nats.getDuration("ping-interval"),
                nats.getDuration("clock-difference"),
                new Publishing(
                        nats.getDuration("publish-timeout"),
                        nats.getInt("max-publishing"),
                        nats.getBytes("max-publishing-bytes")),
                new Consuming(
                        nats.getDuration("ack-wait"),
                        nats.getInt("max-ack-pending"),
                        nats.getBytes("max-consuming-bytes"),
                        nats.getDuration("stalled-after")),
                new DeadLettering(
                        nats.getInt("max-failures"),
                        nats.getDuration("redelivery-delay"),
                        nats.getDuration("max-redelivery-delay"),
                        nats.getDuration("dead-letter-age"),
                        nats.getBytes("dead-letter-bytes")));
    }

    /**
     * What lies before and behind the bus has to agree with it too.
     *
     * @param maxEvents of a request, each of which may be a batch of its own
     * @param maxBodyBytes of a request
     * @param askTimeout how long a batch waits for the receipt of its entity
     * @param journalBuffer how many writes the journal queues
     * @throws IllegalArgumentException when it does not
     */
    public void requireAgreement(int maxEvents, long maxBodyBytes, Duration askTimeout, int journalBuffer) {
        require(
                publishing.mostBatches >= maxEvents,
                "sonde.nats.max-publishing is " + publishing.mostBatches + ", it must be sonde.edge.max-events ("
                        + maxEvents
                        + ") or more: a request is published whole or not at all, and a large one could never pass");
        require(
                publishing.mostBytes >= maxBodyBytes,
                "sonde.nats.max-publishing-bytes is " + publishing.mostBytes + ", it must be sonde.edge.max-body ("
                        + maxBodyBytes + ") or more: a large request could never pass");
        require(
                consuming.ackWait.compareTo(askTimeout) > 0,
                "sonde.nats.ack-wait is " + consuming.ackWait.toMillis()
                        + " ms, it must be longer than sonde.windows.ask-timeout, or a batch is delivered again while it is"
                        + " asked for");
        require(
                consuming.maxAckPending <= journalBuffer,
                "sonde.nats.max-ack-pending is " + consuming.maxAckPending
                        + ", it must not be above sonde.journal-limits.bufferSize");
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

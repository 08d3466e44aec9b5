package io.sonde.bus;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.AccountLimits;
import io.nats.client.api.ServerInfo;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.support.JsonValue;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a NATS server promises and holds, for who wants to know it before anything relies on it. Changes nothing there. */
public final class BusExamination {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long MIB = 1 << 20;

    private final JetStreamSettings settings;
    private final Clock clock;
    private final List<Found> all = new ArrayList<>();

    private BusExamination(JetStreamSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** How bad it is. */
    public enum Grade {
        FINE,
        DOUBTFUL,
        BROKEN
    }

    /** @param repair what to do about it; empty when it is fine */
    public record Found(String check, Grade grade, String found, String repair) {}

    /** One server of the configured ones, and the streams as all of them hold them. */
    public static List<Found> of(JetStreamSettings settings, Clock clock) throws InterruptedException {
        BusExamination examination = new BusExamination(settings, clock);
        try {
            examination.look(Nats.connect(NatsConnection.options(settings, PATIENCE)));
        } catch (IOException e) {
            examination.add(
                    "nats",
                    Grade.BROKEN,
                    settings.url() + " does not let us in: " + e.getMessage(),
                    "start it, or correct sonde.nats.url, user and password, or credentials (SONDE_NATS_URL, …)");
        }
        return examination.all;
    }

    private void look(Connection connection) throws IOException, InterruptedException {
        try {
            server(connection.getServerInfo());
            monitor();
            if (connection.getServerInfo().isJetStreamAvailable()) {
                streams(connection.jetStreamManagement());
            }
        } finally {
            connection.close();
        }
    }

    private void server(ServerInfo server) throws InterruptedException {
        add("nats", Grade.FINE, "nats-server " + server.getVersion() + " at " + settings.url(), "");
        if (!server.isJetStreamAvailable()) {
            add(
                    "nats.jetstream",
                    Grade.BROKEN,
                    "JetStream is off: the server keeps nothing",
                    "jetstream { store_dir: /data } in its configuration (deploy/nats.conf), then restart it");
        }
        List<String> lacks = ServerPromises.lacks(server, settings.monitorUrl());
        for (String lack : lacks) {
            add(
                    "nats.promises",
                    Grade.DOUBTFUL,
                    "nats-server " + server.getVersion() + " " + lack,
                    "as it says; deploy/nats.conf has what to set, SECURITY.md which versions to take");
        }
        if (lacks.isEmpty()) {
            add("nats.promises", Grade.FINE, "syncs before it acknowledges, and has no hole that we know of", "");
        }
    }

    /** Its time; sync and versions are asked for with {@link ServerPromises}. */
    private void monitor() throws InterruptedException {
        if (settings.monitorUrl().isEmpty()) {
            add(
                    "clock.nats",
                    Grade.DOUBTFUL,
                    "not checked: sonde.nats.monitor-url is not set",
                    "http: 8222 in the server's configuration, and sonde.nats.monitor-url = \"http://HOST:8222\"");
            return;
        }
        try {
            Instant before = clock.instant();
            JsonValue varz = ServerPromises.varz(settings.monitorUrl());
            String now = ServerPromises.member(varz, "now").string;
            time(before, Instant.parse(now == null ? "" : now), clock.instant());
            room(varz);
        } catch (IOException | DateTimeException e) {
            add(
                    "clock.nats",
                    Grade.DOUBTFUL,
                    "not checked: " + settings.monitorUrl() + " says " + e.getMessage(),
                    "correct sonde.nats.monitor-url: curl " + settings.monitorUrl() + "/varz");
        }
    }

    private void time(Instant before, Instant there, Instant after) {
        Duration off = there.isBefore(before)
                ? Duration.between(there, before)
                : there.isAfter(after) ? Duration.between(after, there) : Duration.ZERO;
        boolean right = off.compareTo(settings.clockDifference()) <= 0;
        add(
                "clock.nats",
                right ? Grade.FINE : Grade.BROKEN,
                off.toMillis() + " ms from the server's",
                right
                        ? ""
                        : "timedatectl set-ntp true on both machines; beyond sonde.nats.clock-difference ("
                                + settings.clockDifference().toMillis() + " ms) events may be counted late");
    }

    private void room(JsonValue varz) {
        JsonValue jetStream = ServerPromises.member(varz, "jetstream");
        long most =
                ServerPromises.number(ServerPromises.member(ServerPromises.member(jetStream, "config"), "max_storage"));
        if (most >= 0) {
            storage("the server stores", most);
        }
    }

    private void storage(String who, long most) {
        long needed = settings.maxBytes() + settings.deadLettering().maxBytes();
        boolean fits = needed <= most;
        add(
                "nats.storage",
                fits ? Grade.FINE : Grade.BROKEN,
                String.format(
                        Locale.ROOT, "%s up to %d MiB; the streams are promised %d MiB", who, most / MIB, needed / MIB),
                fits ? "" : "raise max_file_store in the server, or lower sonde.nats.max-bytes and dead-letter-bytes");
    }

    private void streams(JetStreamManagement management) throws IOException {
        try {
            AccountLimits limits = management.getAccountStatistics().getLimits();
            if (limits.getMaxStorage() >= 0) {
                storage("the account may store", limits.getMaxStorage());
            }
            stream(management, TelemetryStream.events(settings));
            stream(management, TelemetryStream.deadLetters(settings));
        } catch (JetStreamApiException e) {
            add("nats.jetstream", Grade.BROKEN, "JetStream refuses: " + e.getMessage(), "nats server check jetstream");
        }
    }

    private void stream(JetStreamManagement management, StreamConfiguration wanted)
            throws IOException, JetStreamApiException {
        String check = "nats.stream " + wanted.getName();
        try {
            StreamConfiguration there =
                    management.getStreamInfo(wanted.getName()).getConfiguration();
            List<String> fixed = new ArrayList<>();
            differs(fixed, "storage", there.getStorageType(), wanted.getStorageType());
            differs(fixed, "retention", there.getRetentionPolicy(), wanted.getRetentionPolicy());
            List<String> other = new ArrayList<>();
            differs(other, "subjects", there.getSubjects(), wanted.getSubjects());
            differs(other, "discard", there.getDiscardPolicy(), wanted.getDiscardPolicy());
            differs(other, "max_bytes", there.getMaxBytes(), wanted.getMaxBytes());
            differs(other, "max_age", there.getMaxAge(), wanted.getMaxAge());
            differs(other, "replicas", there.getReplicas(), wanted.getReplicas());
            judge(check, fixed, other);
        } catch (JetStreamApiException e) {
            if (!TelemetryStream.isMissing(e)) {
                throw e;
            }
            add(check, Grade.FINE, "not there yet; the first node makes it", "");
        }
    }

    private void judge(String check, List<String> fixed, List<String> other) {
        if (!fixed.isEmpty()) {
            add(
                    check,
                    Grade.BROKEN,
                    "made by somebody else: " + String.join(", ", fixed),
                    "give this sonde a NATS account of its own, or when nothing of value is in it: nats stream rm, and start a node");
        } else if (!other.isEmpty()) {
            add(
                    check,
                    Grade.DOUBTFUL,
                    "not as configured: " + String.join(", ", other),
                    "restart a node, which brings it up to its configuration");
        } else {
            add(check, Grade.FINE, "as configured", "");
        }
    }

    private static <T> void differs(List<String> into, String what, T there, T wanted) {
        if (!there.equals(wanted)) {
            into.add(what + " is " + there + " and not " + wanted);
        }
    }

    private void add(String check, Grade grade, String found, String repair) {
        all.add(new Found(check, grade, found, repair));
    }
}

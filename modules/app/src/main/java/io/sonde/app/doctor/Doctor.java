package io.sonde.app.doctor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import io.sonde.app.config.Configuration;
import io.sonde.app.node.NodeSettings;
import io.sonde.app.node.NodeSettings.BusKind;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.LocalPostgres;
import io.sonde.app.up.NodePorts;
import io.sonde.app.up.Ports;
import io.sonde.bus.BusExamination;
import io.sonde.bus.JetStreamSettings;
import io.sonde.target.TargetPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at everything a node stands on. It changes nothing but a file of its own in the data folder, which it takes away, and
 * starts the PostgreSQL of a data folder on which nothing runs for as long as it looks.
 */
public final class Doctor {
    private static final String LOOPBACK = "127.0.0.1";

    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Clock clock) {
        this.clock = clock;
    }

    /**
     * What {@code sonde up} stands on.
     *
     * @param config its further settings
     */
    public static List<Finding> ofFolder(Path data, int httpPort, int targetPort, Optional<Path> config, Clock clock) {
        Doctor doctor = new Doctor(clock);
        doctor.findings.addAll(RuntimeCheck.findings());
        Optional<Config> whole = doctor.configuration(config);
        doctor.folder(data);
        boolean runs = PortsCheck.answers(LOOPBACK, httpPort, false, "/healthz", "alive");
        doctor.findings.add(PortsCheck.http(LOOPBACK, httpPort, "--http-port", false));
        TargetPorts target = Ports.target(targetPort, "--target-port");
        for (int port : List.of(target.http(), target.tls(), target.expiredTls())) {
            doctor.findings.add(
                    PortsCheck.port(LOOPBACK, port, "--target-port", runs, "the running test target's, it seems"));
        }
        whole.ifPresent(read -> doctor.localPostgres(data, read));
        return List.copyOf(doctor.findings);
    }

    /** What a node of a cluster stands on. */
    public static List<Finding> ofConfiguration(Path file, Clock clock) {
        Doctor doctor = new Doctor(clock);
        doctor.findings.addAll(RuntimeCheck.findings());
        doctor.configuration(Optional.of(file)).ifPresent(doctor::node);
        return List.copyOf(doctor.findings);
    }

    /** Empty when it cannot be used, and then what rests on it is not checked. */
    private Optional<Config> configuration(Optional<Path> file) {
        try {
            Config whole = file.map(Configuration::ofFile).orElseGet(() -> Configuration.of(Map.of()));
            findings.add(Finding.ok("configuration", file.map(Path::toString).orElse("the defaults")));
            return Optional.of(whole);
        } catch (Problem e) {
            findings.add(Finding.error(
                    "configuration",
                    String.valueOf(e.getMessage()),
                    "correct it; all that is wrong is named. What rests on it was not checked"));
            return Optional.empty();
        }
    }

    private void folder(Path data) {
        List<Finding> ours = PermissionsCheck.folder(data);
        findings.addAll(ours);
        if (ours.isEmpty()) {
            findings.add(Finding.ok("folder", data.toAbsolutePath() + " is not there yet; sonde up makes it"));
        } else if (ours.get(0).level() == Finding.Level.OK) {
            findings.addAll(DiskCheck.findings(data));
        }
    }

    private void localPostgres(Path data, Config whole) {
        if (!Files.isDirectory(data.resolve("postgres").resolve("db"))) {
            findings.add(Finding.ok("postgres", "not there yet; sonde up makes it"));
            return;
        }
        PostgresCheck check = new PostgresCheck(
                NodeSettings.connections(whole), 1, settings(whole).clockDifference());
        try {
            DataFolder folder = DataFolder.open(data);
            Optional<DataFolder.Lock> free = folder.tryLock();
            if (free.isPresent()) {
                free.get().close();
                try (LocalPostgres postgres = LocalPostgres.start(folder)) {
                    findings.addAll(check.findings(postgres.address(), clock));
                }
                return;
            }
            LocalPostgres.runningOn(folder)
                    .ifPresentOrElse(
                            address -> findings.addAll(check.findings(address, clock)),
                            () -> findings.add(Finding.notChecked(
                                    "postgres", "the sonde on " + data + " is starting or stopping", "try again")));
        } catch (Problem e) {
            findings.add(Finding.error(
                    "postgres",
                    String.valueOf(e.getMessage()),
                    "as it says; " + data.resolve("log").resolve("postgres.log") + " says more"));
        }
    }

    private void node(Config whole) {
        NodeSettings settings = settings(whole);
        boolean nats = settings.bus() == BusKind.JETSTREAM;
        secrets(whole, settings);
        ports(whole, settings);
        findings.addAll(NamesCheck.findings(whole, nats));
        int nodes = Math.max(1, whole.getStringList("pekko.cluster.seed-nodes").size());
        findings.addAll(new PostgresCheck(NodeSettings.connections(whole), nodes, settings.clockDifference())
                .findings(DatabaseAddress.of(whole), clock));
        if (nats) {
            nats(JetStreamSettings.from(whole.getConfig("sonde")));
        }
    }

    private static NodeSettings settings(Config whole) {
        return NodeSettings.from(whole.getConfig("sonde"));
    }

    private void ports(Config whole, NodeSettings settings) {
        boolean https = settings.tls().scheme().equals("https");
        boolean runs = PortsCheck.answers(settings.httpHost(), settings.httpPort(), https, "/healthz", "alive");
        for (NodePorts.Port port : NodePorts.of(whole)) {
            findings.add(
                    port.http()
                            ? PortsCheck.http(port.host(), port.port(), port.key(), https)
                            : PortsCheck.port(
                                    port.host(), port.port(), port.key(), runs, "the running node's, it seems"));
        }
    }

    /** Files that the configuration names, and itself when a password stands in it. */
    private void secrets(Config whole, NodeSettings settings) {
        for (String password : List.of("sonde.database.password", "sonde.nats.password")) {
            ConfigOrigin origin = whole.getValue(password).origin();
            if (!whole.getString(password).isEmpty() && origin.filename() != null) {
                findings.addAll(PermissionsCheck.secret("secrets", Path.of(origin.filename())));
                break;
            }
        }
        if (!settings.tls().key().isEmpty()) {
            findings.addAll(
                    PermissionsCheck.secret("secrets", Path.of(settings.tls().key())));
        }
        String credentials = whole.getString("sonde.nats.credentials");
        if (!credentials.isEmpty()) {
            findings.addAll(PermissionsCheck.secret("secrets", Path.of(credentials)));
        }
        whole.getConfig("sonde.notify.channels").entrySet().forEach(setting -> {
            List<String> path = ConfigUtil.splitPath(setting.getKey());
            if (path.get(path.size() - 1).endsWith("-file")
                    && setting.getValue().valueType() == ConfigValueType.STRING) {
                findings.addAll(PermissionsCheck.secret(
                        "secrets", Path.of(String.valueOf(setting.getValue().unwrapped()))));
            }
        });
    }

    private void nats(JetStreamSettings settings) {
        try {
            for (BusExamination.Found found : BusExamination.of(settings, clock)) {
                findings.add(
                        switch (found.grade()) {
                            case FINE -> Finding.ok(found.check(), found.found());
                            case DOUBTFUL -> Finding.warning(found.check(), found.found(), found.repair());
                            case BROKEN -> Finding.error(found.check(), found.found(), found.repair());
                        });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

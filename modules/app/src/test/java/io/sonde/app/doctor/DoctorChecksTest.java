package io.sonde.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import io.sonde.app.config.Configuration;
import io.sonde.app.doctor.Finding.Level;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final PostgresCheck POSTGRES = new PostgresCheck(30, 2, Duration.ofMillis(2_500));
    private static final Map<String, String> SOUND = Map.of(
            "server_version", "18.4",
            "fsync", "on",
            "full_page_writes", "on",
            "synchronous_commit", "on",
            "in_recovery", "off",
            "default_transaction_read_only", "off",
            "max_connections", "100",
            "superuser_reserved_connections", "3",
            "idle_in_transaction_session_timeout", "0");
    private static final List<String> MONTHS = List.of("2026_11", "2026_12", "2027_01", "2027_02");

    @Test
    void aSoundPostgresIsFine() {
        assertThat(POSTGRES.findings(facts(SOUND, MONTHS), NOW))
                .hasSize(10)
                .allMatch(finding -> finding.level() == Level.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "fsync, off, postgres.fsync, ERROR, ALTER SYSTEM SET fsync = on",
        "full_page_writes, off, postgres.full_page_writes, ERROR, ALTER SYSTEM SET full_page_writes = on",
        "synchronous_commit, off, postgres.synchronous_commit, ERROR, ALTER SYSTEM SET synchronous_commit = on",
        "in_recovery, on, postgres.writable, ERROR, sonde.database.url",
        "default_transaction_read_only, on, postgres.writable, ERROR, default_transaction_read_only",
        "max_connections, 50, postgres.connections, WARNING, max_connections = 84"
    })
    void aSettingThatIsWrongHasItsRepair(String setting, String value, String check, Level level, String repair) {
        Map<String, String> settings = new HashMap<>(SOUND);
        settings.put(setting, value);

        Finding finding = only(POSTGRES.findings(facts(settings, MONTHS), NOW));

        assertThat(finding.check()).isEqualTo(check);
        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.repair()).contains(repair);
    }

    @Test
    void anOldVersionMissingRightsAnOpenTransactionAndAWrongClockAreSaid() {
        PostgresFacts facts = new PostgresFacts(
                12, SOUND, List.of("INSERT on incident"), true, 4, Optional.of("process 7"), MONTHS, -3_000);

        assertThat(POSTGRES.findings(facts, NOW))
                .filteredOn(finding -> finding.level() != Level.OK)
                .extracting(Finding::check)
                .containsExactly("postgres", "postgres.rights", "postgres.transactions", "clock.postgres");
        assertThat(only(POSTGRES.findings(
                                new PostgresFacts(18, SOUND, List.of(), false, 4, Optional.empty(), MONTHS, 0), NOW))
                        .repair())
                .contains("GRANT pg_read_all_stats");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:00:00Z, OK",
        "2027-01-31T23:59:59Z, OK",
        "2027-02-01T00:00:00Z, WARNING",
        "2027-03-01T00:00:00Z, WARNING"
    })
    void theNextMonthNeedsItsPartition(Instant now, Level level) {
        assertThat(POSTGRES.findings(facts(SOUND, MONTHS), now))
                .filteredOn(finding -> finding.check().equals("postgres.partitions"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(level));
    }

    @Test
    void aPortIsFreeOrOursOrAnothers() throws Exception {
        int free;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = other.getLocalPort();
            Finding taken = PortsCheck.port("127.0.0.1", free, "sonde.http.port", false, "");
            assertThat(taken.level()).isEqualTo(Level.ERROR);
            assertThat(taken.repair()).contains("sport = :" + free, "sonde.http.port");
        }
        assertThat(PortsCheck.port("127.0.0.1", free, "sonde.http.port", false, "")
                        .level())
                .isEqualTo(Level.OK);
        HttpServer node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/healthz", exchange -> {
            byte[] alive = "{\"status\":\"alive\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, alive.length);
            exchange.getResponseBody().write(alive);
            exchange.close();
        });
        node.start();
        try {
            Finding ours = PortsCheck.http("127.0.0.1", node.getAddress().getPort(), "sonde.http.port", false);
            assertThat(ours.level()).isEqualTo(Level.OK);
            assertThat(ours.found()).contains("a node answers");
        } finally {
            node.stop(0);
        }
    }

    @Test
    void aDiskIsMeasuredAndWhatIsLittleSlowOrInMemoryIsSaid(@TempDir Path folder) {
        List<Finding> real = DiskCheck.findings(folder);

        assertThat(real).extracting(Finding::check).containsExactly("disk.space", "disk.kind", "disk.fsync");
        assertThat(real.get(2).found()).contains("8 KiB are on disk in");
        assertThat(folder).isEmptyDirectory();
        assertThat(DiskCheck.room(folder, 100L << 20).level()).isEqualTo(Level.ERROR);
        assertThat(DiskCheck.room(folder, 1L << 30).level()).isEqualTo(Level.WARNING);
        assertThat(DiskCheck.room(folder, 100L << 30).level()).isEqualTo(Level.OK);
        assertThat(DiskCheck.kind(folder, "tmpfs").level()).isEqualTo(Level.ERROR);
        assertThat(DiskCheck.kind(folder, "ext4").level()).isEqualTo(Level.OK);
        assertThat(DiskCheck.sync(80_000).level()).isEqualTo(Level.WARNING);
        assertThat(DiskCheck.sync(800).level()).isEqualTo(Level.OK);
        assertThat(DiskCheck.findings(folder.resolve("none")).get(0).level()).isEqualTo(Level.ERROR);
    }

    @Test
    void aSecretIsItsOwnersAlone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "secret");
        for (String open : List.of("rw-r--r--", "rw-r-----", "rw--w----")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            Finding finding = only(PermissionsCheck.folder(folder));
            assertThat(finding.level()).as(open).isEqualTo(Level.ERROR);
            assertThat(finding.repair()).contains("chmod 600 '" + file + "'");
        }

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThat(PermissionsCheck.folder(folder)).hasSize(2).allMatch(finding -> finding.level() == Level.OK);
        assertThat(PermissionsCheck.folder(file).get(0).level()).isEqualTo(Level.ERROR);
        assertThat(PermissionsCheck.folder(folder.resolve("none"))).isEmpty();
    }

    @Test
    void namesOfHostsHaveAddresses() {
        Config config = Configuration.of(
                com.typesafe.config.ConfigFactory.parseString(
                        """
                sonde.bus = jetstream
                sonde.database.url = "jdbc:postgresql://db.invalid,localhost:5433/sonde"
                sonde.nats.url = "nats://127.0.0.1:4222,nats://nats.invalid:4222"
                sonde.notify.channels.chat { type = slack, url = "https://chat.invalid/x" }
                pekko.cluster.seed-nodes = ["pekko://sonde@node1.invalid:25520", "pekko://sonde@[::1]:25521"]
                """));

        List<Finding> names = NamesCheck.findings(config, true);

        assertThat(names)
                .filteredOn(finding -> finding.level() == Level.ERROR)
                .extracting(Finding::found)
                .satisfiesExactlyInAnyOrder(
                        db -> assertThat(db).contains("db.invalid", "sonde.database.url"),
                        nats -> assertThat(nats).contains("nats.invalid", "sonde.nats.url"),
                        node -> assertThat(node).contains("node1.invalid", "pekko.cluster.seed-nodes"),
                        chat -> assertThat(chat).contains("chat.invalid", "sonde.notify.channels"));
        assertThat(names)
                .filteredOn(finding -> finding.level() == Level.OK)
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).contains("localhost is "));
    }

    @Test
    void theHeapFitsTheMachine() {
        long gib = 1L << 30;
        assertThat(RuntimeCheck.heap(gib, 8 * gib).level()).isEqualTo(Level.OK);
        assertThat(RuntimeCheck.heap(gib / 8, 8 * gib).repair()).contains("-Xmx1g");
        assertThat(RuntimeCheck.heap(7 * gib, 8 * gib).repair()).contains("-Xmx4096m");
        assertThat(RuntimeCheck.files(1_024).level()).isEqualTo(Level.WARNING);
        assertThat(RuntimeCheck.files(65_536).level()).isEqualTo(Level.OK);
        assertThat(RuntimeCheck.findings()).extracting(Finding::check).containsExactly("java", "java.heap", "files");
    }

    private static PostgresFacts facts(Map<String, String> settings, List<String> months) {
        return new PostgresFacts(18, settings, List.of(), true, 4, Optional.empty(), months, 0);
    }

    private static Finding only(List<Finding> findings) {
        List<Finding> wrong =
                findings.stream().filter(finding -> finding.level() != Level.OK).toList();
        assertThat(wrong).hasSize(1);
        return wrong.get(0);
    }
}

package io.sonde.app.doctor;

import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * PostgreSQL: whether it is there, keeps what it took, and has what nodes need.
 *
 * @param connections that one node opens
 * @param nodes that are configured
 * @param clockDifference how far a node's clock may be from the database's
 */
record PostgresCheck(int connections, int nodes, Duration clockDifference) {
    private static final int OLDEST = 14;
    private static final int LISTED = 5;
    private static final String RELOAD = "; SELECT pg_reload_conf();";

    List<Finding> findings(DatabaseAddress address, Clock clock) {
        PostgresFacts facts;
        try {
            facts = new PostgresFactsStore(address.dataSource()).ask(clock);
        } catch (SQLException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return List.of(
                    Finding.error(
                            "postgres",
                            address + " does not answer: " + why,
                            "start it, or correct sonde.database.url, user and password (SONDE_DATABASE_URL, _USER, _PASSWORD)"));
        }
        List<Finding> findings = new ArrayList<>(findings(facts, clock.instant()));
        findings.add(schema(new Migrations(address)));
        return findings;
    }

    List<Finding> findings(PostgresFacts facts, Instant now) {
        List<Finding> findings = new ArrayList<>();
        findings.add(version(facts));
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            findings.add(durable(setting, facts.setting(setting)));
        }
        findings.add(writable(facts));
        findings.add(rights(facts));
        findings.add(connections(facts));
        findings.add(transactions(facts));
        findings.add(partitions(facts, now));
        findings.add(clock(facts.clockAheadMs()));
        return findings;
    }

    static Finding schema(Migrations migrations) {
        try {
            Migrations.Standing standing = migrations.standing();
            if (standing.newer().isPresent()) {
                return Finding.error(
                        "postgres.schema",
                        "version " + standing.newer().get() + " is newer than this sonde",
                        "use the newer sonde, whose sonde migrate made it");
            }
            return standing.missing() == 0
                    ? Finding.ok("postgres.schema", "as this sonde wants it")
                    : Finding.error(
                            "postgres.schema",
                            standing.missing() + " migrations are missing",
                            "sonde migrate --config FILE (sonde up does it by itself)");
        } catch (Problem e) {
            return Finding.error("postgres.schema", String.valueOf(e.getMessage()), "sonde migrate --config FILE");
        }
    }

    private static Finding version(PostgresFacts facts) {
        String found = "PostgreSQL " + facts.setting("server_version");
        return facts.version() < OLDEST
                ? Finding.error("postgres", found, "upgrade to PostgreSQL " + OLDEST + " or newer")
                : Finding.ok("postgres", found);
    }

    private static Finding durable(String setting, String value) {
        String check = "postgres." + setting;
        return value.equals("off")
                ? Finding.error(
                        check,
                        "off: a crash or a power cut loses events that were acknowledged"
                                + (setting.equals("synchronous_commit") ? "" : ", or the whole database"),
                        "ALTER SYSTEM SET " + setting + " = on" + RELOAD
                                + " (and look for ALTER ROLE and ALTER DATABASE: \\drds in psql)")
                : Finding.ok(check, value);
    }

    private static Finding writable(PostgresFacts facts) {
        if (facts.setting("in_recovery").equals("on")) {
            return Finding.error(
                    "postgres.writable",
                    "it is a standby",
                    "name the primary in sonde.database.url (or several hosts with targetServerType=primary)");
        }
        return facts.setting("default_transaction_read_only").equals("on")
                ? Finding.error(
                        "postgres.writable",
                        "transactions are read-only",
                        "ALTER DATABASE … RESET default_transaction_read_only")
                : Finding.ok("postgres.writable", "yes");
    }

    private static Finding rights(PostgresFacts facts) {
        List<String> missing = facts.missingRights();
        if (!missing.isEmpty()) {
            String more = missing.size() > LISTED ? " and " + (missing.size() - LISTED) + " more" : "";
            return Finding.error(
                    "postgres.rights",
                    "missing: " + String.join(", ", missing.subList(0, Math.min(LISTED, missing.size()))) + more,
                    "run sonde migrate as the role of sonde.database.user, or give it the tables: REASSIGN OWNED BY …");
        }
        return facts.seesOthers()
                ? Finding.ok("postgres.rights", "all that are needed")
                : Finding.warning(
                        "postgres.rights",
                        "other roles' sessions cannot be seen: who holds up the projections cannot be named",
                        "GRANT pg_read_all_stats TO <the role of sonde.database.user>;");
    }

    private Finding connections(PostgresFacts facts) {
        int most = number(facts.setting("max_connections")) - number(facts.setting("superuser_reserved_connections"));
        int needed = connections * nodes;
        int room = most - facts.othersConnections();
        String found = String.format(
                Locale.ROOT,
                "%d nodes open up to %d connections each; %d of %d are others'",
                nodes,
                connections,
                facts.othersConnections(),
                most);
        return needed > room
                ? Finding.warning(
                        "postgres.connections",
                        found,
                        "ALTER SYSTEM SET max_connections = " + (needed + facts.othersConnections() + 20)
                                + " and restart PostgreSQL, or lower sonde.database.connections and journal-connections")
                : Finding.ok("postgres.connections", found);
    }

    private static Finding transactions(PostgresFacts facts) {
        String limit = facts.setting("idle_in_transaction_session_timeout");
        return facts.openTransaction()
                .map(open -> Finding.warning(
                        "postgres.transactions",
                        "projections wait for " + open,
                        "end it: SELECT pg_terminate_backend(<its process>); or ROLLBACK PREPARED '…';"))
                .orElseGet(() -> Finding.ok(
                        "postgres.transactions",
                        "none is open for long; nodes limit their own, others' "
                                + (limit.equals("0")
                                        ? "are not limited (idle_in_transaction_session_timeout = 0)"
                                        : "are cut after " + limit + " ms")));
    }

    /** Nodes make three months ahead; without the next one the windows after its beginning wait for a node to make it. */
    private static Finding partitions(PostgresFacts facts, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        int ahead = 0;
        while (facts.months().contains(name(month.plusMonths(ahead)))) {
            ahead++;
        }
        String found = facts.months().size() + " months; this one and the next " + Math.max(0, ahead - 1);
        return ahead < 2
                ? Finding.warning(
                        "postgres.partitions",
                        ahead == 0 ? "there is none for this month" : "there is none for the next month",
                        "SELECT ensure_window_partitions_ahead(now()); running nodes do it every hour: see their logs")
                : Finding.ok("postgres.partitions", found);
    }

    private static String name(YearMonth month) {
        return String.format(Locale.ROOT, "%d_%02d", month.getYear(), month.getMonthValue());
    }

    private Finding clock(long aheadMs) {
        String found = Math.abs(aheadMs) + " ms " + (aheadMs < 0 ? "behind" : "ahead of") + " the database's";
        return Math.abs(aheadMs) > clockDifference.toMillis()
                ? Finding.error(
                        "clock.postgres",
                        found,
                        "timedatectl set-ntp true on both machines; a node takes no events beyond sonde.clock-difference ("
                                + clockDifference.toMillis() + " ms)")
                : Finding.ok("clock.postgres", found);
    }

    private static int number(String setting) {
        return setting.equals("unknown") ? 0 : Integer.parseInt(setting);
    }
}

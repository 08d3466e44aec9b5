package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Migrations;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.StoredToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sonde token}: who may come in. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(create | list | revoke)",
        description = {
            "Make, list and revoke tokens. A token is shown once, when it is made; only its hash is kept.",
            "The database is that of --data DIR, running or not, or the one --config FILE names."
        },
        footer = {
            "",
            "Examples:",
            "  sonde token create --scope ingest --client berlin-1 --expires-in-days 90",
            "  sonde token list",
            "  sonde token revoke 3f0c9a"
        })
final class TokenCommand {
    private static final String TENANT = "default";

    @Mixin
    private final DatabaseChoice database = new DatabaseChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Command(description = "Make a token and print it, alone, on standard output.", mixinStandardHelpOptions = true)
    int create(
            @Option(
                            names = "--scope",
                            required = true,
                            paramLabel = "SCOPE",
                            description = "ingest (post), read (ask) or admin (both, and administer).")
                    Scope scope,
            @Option(
                            names = "--client",
                            paramLabel = "ID",
                            description = "With scope ingest: the one client it may post for; any client without it.")
                    @Nullable
                    String client,
            @Option(
                            names = "--expires-in-days",
                            paramLabel = "N",
                            description = "No good after that; never without it.")
                    @Nullable
                    Integer days,
            @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What it is for.")
                    String note) {
        Instant expiry = days == null ? null : Instant.now().plus(Duration.ofDays(days));
        TokenTable.Issued issued = inTable(table -> table.create(wish(scope, client, note, expiry)));
        out().println(issued.token().text());
        err().println("id " + issued.stored().id() + "; it is not shown again");
        err().flush();
        return ExitCode.OK.code();
    }

    @Command(description = "List the tokens, without their secrets; the newest first.", mixinStandardHelpOptions = true)
    int list() {
        List<StoredToken> tokens = inTable(table -> table.list(TENANT));
        String row = "%-12s  %-6s  %-24s  %-20s  %-20s  %-8s  %s%n";
        out().printf(row, "ID", "SCOPE", "CLIENT", "CREATED", "LAST USED", "STATE", "NOTE");
        for (StoredToken token : tokens) {
            out().printf(
                            row,
                            token.id(),
                            token.scope().code(),
                            token.clientId() == null ? "any" : token.clientId(),
                            seconds(token.createdAt()),
                            token.lastUsedAt() == null ? "never" : seconds(token.lastUsedAt()),
                            token.stateAt(Instant.now()),
                            token.note());
        }
        return ExitCode.OK.code();
    }

    @Command(description = "Revoke a token; within seconds no node takes it any more.", mixinStandardHelpOptions = true)
    int revoke(
            @Parameters(paramLabel = "ID", description = "Its id, or enough of the id to name one token.") String id) {
        return switch (inTable(table -> table.revoke(TENANT, id))) {
            case REVOKED -> said("revoked");
            case ALREADY_REVOKED -> said("it was revoked already");
            case UNKNOWN ->
                throw new Problem(ExitCode.NOT_FOUND, "there is no token " + id + "; see: sonde token list");
            case AMBIGUOUS ->
                throw new Problem(ExitCode.USAGE, "more than one token begins with " + id + "; give more of it");
        };
    }

    private static NewToken wish(Scope scope, @Nullable String client, String note, @Nullable Instant expiry) {
        try {
            return new NewToken(TENANT, scope, client, note, expiry);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private <T> T inTable(Function<TokenTable, T> work) {
        return database.with(address -> {
            new Migrations(address).requireCurrent();
            return work.apply(new TokenTable(address.dataSource(), Clock.systemUTC(), new SecureRandom()));
        });
    }

    private static String seconds(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond()).toString();
    }

    private int said(String what) {
        out().println(what);
        return ExitCode.OK.code();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

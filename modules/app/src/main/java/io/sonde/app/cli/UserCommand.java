package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.Migrations;
import io.sonde.app.users.Account;
import io.sonde.app.users.AccountTable;
import io.sonde.app.users.AccountTable.Outcome;
import io.sonde.app.users.Password;
import io.sonde.app.users.PasswordHash;
import io.sonde.app.users.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sonde user}: who may sign in. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(add | list | passwd | role | disable | enable | remove)",
        description = {
            "Say who may sign in to the page, and what they may do there. A password that is made here is shown once and to be"
                    + " changed when it is first used; one of your own choice is read from standard input.",
            "The database is that of --data DIR, running or not, or the one --config FILE names."
        },
        footer = {
            "",
            "Examples:",
            "  sonde user add eva --role operator",
            "  sonde user passwd eva",
            "  sonde user passwd eva --stdin < password",
            "  sonde user role eva admin",
            "  sonde user disable eva"
        })
final class UserCommand {
    private static final String TENANT = "default";

    @Mixin
    private final DatabaseChoice database = new DatabaseChoice();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Command(description = "Let somebody sign in.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "Small letters, digits, and . _ @ - between them.")
                    String name,
            @Option(
                            names = "--role",
                            required = true,
                            paramLabel = "ROLE",
                            description = "viewer (look), operator (also take problems on and silence them) or admin.")
                    Role role,
            @Option(names = "--stdin", description = "Read the password from standard input instead of making one.")
                    boolean stdin) {
        if (!Account.isName(name)) {
            throw new Problem(ExitCode.USAGE, "expected " + Account.NAMES);
        }
        Password password = password(name, stdin);
        String hash = PasswordHash.of(password, new SecureRandom());
        if (!inTable(table -> table.add(TENANT, name, role, hash, !stdin, by()))) {
            throw new Problem(ExitCode.USAGE, "somebody is called " + name + " already; see: sonde user list");
        }
        return shown(password, stdin);
    }

    @Command(description = "List who may sign in, by name.", mixinStandardHelpOptions = true)
    int list() {
        List<Account> accounts = inTable(table -> table.list(TENANT));
        String row = "%-24s  %-8s  %-20s  %-20s  %s%n";
        out().printf(row, "NAME", "ROLE", "CREATED", "LAST SEEN", "STATE");
        for (Account account : accounts) {
            Instant seen = account.lastSeenAt();
            out().printf(
                            row,
                            account.name(),
                            account.role().code(),
                            seconds(account.createdAt()),
                            seen == null ? "-" : seconds(seen),
                            state(account));
        }
        return ExitCode.OK.code();
    }

    @Command(
            description = "Give somebody another password. Their sessions end, and failures to sign in are forgotten.",
            mixinStandardHelpOptions = true)
    int passwd(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--stdin", description = "Read the password from standard input instead of making one.")
                    boolean stdin) {
        Password password = password(name, stdin);
        String hash = PasswordHash.of(password, new SecureRandom());
        require(name, inTable(table -> table.setPassword(TENANT, name, hash, !stdin, by())));
        return shown(password, stdin);
    }

    @Command(description = "Let somebody do more or less; their sessions end.", mixinStandardHelpOptions = true)
    int role(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE", description = "viewer, operator or admin.") Role role) {
        return require(name, inTable(table -> table.setRole(TENANT, name, role, by())));
    }

    @Command(description = "Let somebody in no more, until enabled again.", mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "NAME") String name) {
        return require(name, inTable(table -> table.setDisabled(TENANT, name, true, by())));
    }

    @Command(description = "Take disable back.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "NAME") String name) {
        return require(name, inTable(table -> table.setDisabled(TENANT, name, false, by())));
    }

    @Command(description = "Remove somebody; what they did stays in the audit.", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = "NAME") String name) {
        return require(name, inTable(table -> table.remove(TENANT, name, by())));
    }

    private static int require(String name, Outcome outcome) {
        return switch (outcome) {
            case DONE -> ExitCode.OK.code();
            case UNKNOWN ->
                throw new Problem(ExitCode.NOT_FOUND, "nobody is called " + name + "; see: sonde user list");
            case LAST_ADMIN ->
                throw new Problem(
                        ExitCode.USAGE,
                        "nobody could administer any more without " + name + "; make somebody else admin first");
        };
    }

    private static Password password(String name, boolean stdin) {
        try {
            return stdin ? Password.of(line(), name) : Password.generate(new SecureRandom());
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static String line() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int shown(Password password, boolean stdin) {
        if (!stdin) {
            out().println(password.text());
            spec.commandLine()
                    .getErr()
                    .println("the password is not shown again, and to be changed when it is first used");
            spec.commandLine().getErr().flush();
        }
        return ExitCode.OK.code();
    }

    private <T> T inTable(Function<AccountTable, T> work) {
        return database.with(address -> {
            new Migrations(address).requireCurrent();
            return work.apply(new AccountTable(address.dataSource(), Clock.systemUTC()));
        });
    }

    /** As the audit has it; nobody who signs in can be called so. */
    private static String by() {
        return "shell:" + System.getProperty("user.name");
    }

    private static String state(Account account) {
        Instant until = account.lockedUntil();
        if (account.isDisabled()) {
            return "disabled";
        }
        if (until != null && Instant.now().isBefore(until)) {
            return "locked until " + seconds(until);
        }
        return account.mustChange() ? "to choose a password" : "good";
    }

    private static String seconds(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond()).toString();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

package io.sonde.app.users;

import io.sonde.app.users.AccountTable.Known;
import io.sonde.app.users.AccountTable.Outcome;
import io.sonde.core.Unavailable;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at passwords. At most two at once on a node, as each takes 19 MiB and much of a core; so many wait, and who comes
 * then is told to come again. A name that nobody has costs as much time as one that somebody has, and gets the same answer.
 */
final class SignIn {
    private static final int AT_ONCE = 2;
    private static final int MOST_UNDER_WAY = 64;
    private static final int RETRY_AFTER_S = 2;

    private final AccountTable accounts;
    private final AttemptTable attempts;
    private final SessionTable sessions;
    private final Executor blocking;
    private final SecureRandom random;
    private final ThreadPoolExecutor hashing;
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    /** Of nobody's password. */
    private final String nobodys;

    /** @param blocking where JDBC may block */
    SignIn(
            AccountTable accounts,
            AttemptTable attempts,
            SessionTable sessions,
            Executor blocking,
            SecureRandom random) {
        this.accounts = accounts;
        this.attempts = attempts;
        this.sessions = sessions;
        this.blocking = blocking;
        this.random = random;
        this.hashing =
                new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sonde-passwords");
                    thread.setDaemon(true);
                    return thread;
                });
        hashing.allowCoreThreadTimeOut(true);
        this.nobodys = PasswordHash.of(Password.generate(random), random);
    }

    /**
     * Empty when the name or the password is wrong, or the account is disabled.
     *
     * <p>Fails with a {@link ProblemException} (429) when it is not listened to, and with {@link Unavailable} when too many
     * want to at once.
     */
    CompletionStage<Optional<SessionTable.Begun>> with(String name, String password, InetAddress address) {
        return inRoom(() ->
                proven(name, password, address).thenApplyAsync(known -> known.flatMap(sessions::begin), blocking));
    }

    /** The same, for who has signed in and wants another password: all sessions end, and a new one begins. */
    CompletionStage<Optional<SessionTable.Begun>> change(
            String name, String password, Password wanted, InetAddress address) {
        return inRoom(() -> proven(name, password, address)
                .thenApplyAsync(known -> known.map(of -> hashed(of.account(), wanted)), hashing)
                .thenApplyAsync(known -> known.flatMap(this::changed), blocking));
    }

    /** What is stored of a password. */
    CompletionStage<String> hash(Password password) {
        return inRoom(() -> CompletableFuture.supplyAsync(() -> PasswordHash.of(password, random), hashing));
    }

    private Known hashed(Account account, Password wanted) {
        return new Known(account, PasswordHash.of(wanted, random));
    }

    private Optional<SessionTable.Begun> changed(Known wanted) {
        Account account = wanted.account();
        @Nullable String hash = wanted.hash();
        if (hash == null) {
            return Optional.empty();
        }
        Outcome outcome = accounts.setPassword(account.tenant(), account.name(), hash, false, account.name());
        return outcome == Outcome.DONE ? accounts.find(account.name()).flatMap(sessions::begin) : Optional.empty();
    }

    private CompletableFuture<Optional<Known>> proven(String name, String password, InetAddress address) {
        var attempt = Attempt.of(name, address);
        return CompletableFuture.supplyAsync(() -> listened(attempt, name), blocking)
                .thenApplyAsync(known -> fits(known, password) ? known : Optional.<Known>empty(), hashing)
                .thenApplyAsync(
                        known -> {
                            known.ifPresent(of -> attempts.succeeded(attempt));
                            return known;
                        },
                        blocking);
    }

    private Optional<Known> listened(Attempt attempt, String name) {
        attempts.begin(attempt).ifPresent(wait -> {
            throw new ProblemException(notListenedTo(wait));
        });
        return accounts.find(name);
    }

    private boolean fits(Optional<Known> known, String password) {
        Optional<String> hash =
                known.filter(of -> !of.account().isDisabled()).flatMap(of -> Optional.ofNullable(of.hash()));
        boolean fits = PasswordHash.fits(password, hash.orElse(nobodys));
        return fits && hash.isPresent();
    }

    private <T> CompletionStage<T> inRoom(Supplier<CompletableFuture<T>> work) {
        return room.tryAcquire()
                ? work.get().whenComplete((done, failure) -> room.release())
                : CompletableFuture.failedStage(
                        new Unavailable("too many passwords are looked at", RETRY_AFTER_S, null));
    }

    private static Problem notListenedTo(Duration wait) {
        int seconds = (int) wait.plusNanos(999_999_999).toSeconds();
        return new Problem(
                429,
                "locked",
                "Too many failures",
                "There were too many wrong passwords of this name or from this address: even the right one is not taken"
                        + " for " + seconds + " s.",
                seconds,
                json -> {});
    }
}

package io.sonde.app.users;

import io.sonde.app.tokens.CachedCredentials;
import io.sonde.app.tokens.Sha256;
import io.sonde.core.Session;
import io.sonde.core.Sessions;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** Knows the sessions of the {@link SessionTable}; what it is told holds for seconds. */
final class CachedSessions implements Sessions {
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final CachedCredentials<StoredSession> sessions;

    /** @param blocking where JDBC may block */
    CachedSessions(SessionTable table, Executor blocking, Clock clock) {
        this.sessions =
                new CachedCredentials<>(table::find, table::used, blocking, clock, CachedCredentials.Limits.STANDARD);
    }

    @Override
    public CompletionStage<Optional<Session>> session(String secret) {
        return SECRET.matcher(secret).matches()
                ? sessions.find(Sha256.of(secret)).thenApply(found -> found.map(StoredSession::session))
                : CompletableFuture.completedStage(Optional.empty());
    }

    /** The table is asked again for whoever has that name. */
    void forgetAll(String name) {
        sessions.forget(session -> session.account().name().equals(name));
    }

    void forget(String id) {
        sessions.forget(session -> session.id().equals(id));
    }
}

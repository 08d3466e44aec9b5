package io.sonde.app.tokens;

import io.sonde.core.Authority;
import io.sonde.core.Grant;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** Knows the tokens of the {@link TokenTable}; what it is told holds for seconds. */
public final class CachedAuthority implements Authority {
    private final CachedCredentials<StoredToken> tokens;

    /** @param blocking where JDBC may block */
    public CachedAuthority(TokenTable table, Executor blocking, Clock clock) {
        this(table::find, table::used, blocking, clock, CachedCredentials.Limits.STANDARD);
    }

    CachedAuthority(
            Function<byte[], Optional<StoredToken>> find,
            Consumer<StoredToken> used,
            Executor blocking,
            Clock clock,
            CachedCredentials.Limits limits) {
        this.tokens = new CachedCredentials<>(find, used, blocking, clock, limits);
    }

    @Override
    public CompletionStage<Optional<Grant>> grant(String text) {
        Optional<Token> token = Token.parse(text);
        return token.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : tokens.find(token.get().sha256()).thenApply(found -> found.map(StoredToken::grant));
    }

    /** It is out on this node from now on. */
    public void forget(String id) {
        tokens.forget(token -> token.id().equals(id));
    }

    int remembered() {
        return tokens.remembered();
    }
}

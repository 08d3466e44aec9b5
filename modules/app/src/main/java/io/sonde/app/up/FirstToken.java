package io.sonde.app.up;

import io.sonde.app.storage.SecretFile;
import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.Token;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import java.time.Instant;
import java.util.Optional;

/** The token that may do everything: made on the first start, kept in a file, made anew when it is no good any more. */
record FirstToken(SecretFile file, TokenTable table) {
    private static final String TENANT = "default";

    String text() {
        Optional<String> kept =
                file.read().flatMap(Token::parse).filter(this::isGood).map(Token::text);
        return kept.orElseGet(this::create);
    }

    private boolean isGood(Token token) {
        return table.list(TENANT).stream()
                .anyMatch(stored -> stored.id().equals(token.id())
                        && stored.scope() == Scope.ADMIN
                        && stored.isGoodAt(Instant.now()));
    }

    private String create() {
        NewToken wish = new NewToken(TENANT, Scope.ADMIN, null, "made by sonde up", null);
        String text = table.create(wish).token().text();
        file.write(text);
        return text;
    }
}

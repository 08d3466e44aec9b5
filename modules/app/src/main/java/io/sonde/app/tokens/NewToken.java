package io.sonde.app.tokens;

import io.sonde.core.Scope;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a token.
 *
 * @param clientId the one client an ingest token may post for, 1–255 characters; null for any
 * @param note what it is for, at most 255 characters; may be empty
 * @param expiresAt null when it shall not expire
 */
public record NewToken(
        String tenant, Scope scope, @Nullable String clientId, String note, @Nullable Instant expiresAt) {
    private static final int MAX_LENGTH = 255;

    public NewToken {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(scope);
        if (tenant.isEmpty()) {
            throw new IllegalArgumentException("a token belongs to a tenant");
        }
        if (clientId != null && (clientId.isEmpty() || isUnfit(clientId))) {
            throw new IllegalArgumentException("a client id has 1 to 255 characters, none of them a control character");
        }
        if (clientId != null && scope != Scope.INGEST) {
            throw new IllegalArgumentException("only an ingest token can be for one client; a token of scope "
                    + scope.code() + " is for every client of its tenant, so leave the client out");
        }
        if (isUnfit(note)) {
            throw new IllegalArgumentException("a note has at most 255 characters, none of them a control character");
        }
    }

    private static boolean isUnfit(String text) {
        return text.codePointCount(0, text.length()) > MAX_LENGTH
                || text.chars().anyMatch(Character::isISOControl);
    }
}

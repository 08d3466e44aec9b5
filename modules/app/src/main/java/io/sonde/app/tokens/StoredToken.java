package io.sonde.app.tokens;

import io.sonde.core.Grant;
import io.sonde.core.Scope;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a token once it was made: everything but the token.
 *
 * @param clientId the one client it may post for, null for any
 * @param note what it is for, as its maker said; may be empty
 * @param expiresAt null when it does not
 * @param revokedAt null while it was not
 * @param lastUsedAt to the minute, null before its first use
 */
public record StoredToken(
        String tenant,
        String id,
        Scope scope,
        @Nullable String clientId,
        String note,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt)
        implements Credential {
    public StoredToken {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(id);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(note);
        Objects.requireNonNull(createdAt);
    }

    /** From its expiry on it is no good, to the millisecond. */
    @Override
    public boolean isGoodAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** {@code good}, {@code expired} or {@code revoked}. */
    public String stateAt(Instant now) {
        if (revokedAt != null) {
            return "revoked";
        }
        return isGoodAt(now) ? "good" : "expired";
    }

    Grant grant() {
        return new Grant(id, tenant, scope, clientId);
    }
}

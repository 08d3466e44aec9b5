package io.sonde.app.users;

import io.sonde.app.tokens.Credential;
import io.sonde.core.Grant;
import io.sonde.core.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What is known of a session: everything but its secret.
 *
 * @param id SHA-256 of the secret, in hex
 * @param account as it is now, not as it was when the session began
 * @param idle how long it may go unused
 * @param expiresAt however much it is used
 */
record StoredSession(String id, Account account, String csrf, Instant lastUsedAt, Duration idle, Instant expiresAt)
        implements Credential {
    StoredSession {
        Objects.requireNonNull(id);
        Objects.requireNonNull(account);
        Objects.requireNonNull(csrf);
        Objects.requireNonNull(lastUsedAt);
        Objects.requireNonNull(idle);
        Objects.requireNonNull(expiresAt);
    }

    @Override
    public boolean isGoodAt(Instant now) {
        return !account.isDisabled() && now.isBefore(endsAt());
    }

    Session session() {
        var grant = new Grant(account.name(), account.tenant(), account.role().scope(), null);
        return new Session(id, grant, csrf, account.mustChange(), endsAt());
    }

    byte[] sha256() {
        return HexFormat.of().parseHex(id);
    }

    private Instant endsAt() {
        Instant unused = lastUsedAt.plus(idle);
        return unused.isBefore(expiresAt) ? unused : expiresAt;
    }
}

package io.sonde.app.users;

import io.sonde.app.tokens.Token;
import io.sonde.edge.Json;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a person who may sign in: everything but the password.
 *
 * @param name see {@link #NAMES}
 * @param disabledAt null while the account is in use
 * @param mustChange whether the password was chosen by somebody else
 * @param lockedUntil nobody is listened to under this name before that; null when it is not locked
 * @param lastSeenAt to the minute, of the sessions there are; null when there is none
 */
public record Account(
        String name,
        String tenant,
        Role role,
        Instant createdAt,
        @Nullable Instant disabledAt,
        boolean mustChange,
        @Nullable Instant lockedUntil,
        @Nullable Instant lastSeenAt) {
    /** In words, for who has chosen another. */
    public static final String NAMES =
            "a name of 1 to 64 small letters, digits, and . _ @ - between them, not like a token's id";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._@-]{0,62}[a-z0-9])?");

    public Account {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(role);
        Objects.requireNonNull(createdAt);
        if (!isName(name)) {
            throw new IllegalArgumentException("expected " + NAMES);
        }
    }

    /** The audit tells who did something by one text, so nobody is called like a token. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches() && !Token.isId(text);
    }

    public boolean isDisabled() {
        return disabledAt != null;
    }

    boolean mayAdminister() {
        return role == Role.ADMIN && !isDisabled();
    }

    /** Of it, what others may change: as the audit has it. */
    String settings() {
        return Json.object(json -> {
            json.writeStringField("role", role.code());
            json.writeBooleanField("disabled", isDisabled());
        });
    }
}

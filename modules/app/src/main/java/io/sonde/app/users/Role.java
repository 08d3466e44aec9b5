package io.sonde.app.users;

import io.sonde.core.Scope;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person may do. */
public enum Role {
    /** Look. */
    VIEWER(Scope.READ),
    /** Look, take problems on, and keep people from being told. */
    OPERATOR(Scope.OPERATE),
    /** Everything. */
    ADMIN(Scope.ADMIN);

    private final Scope scope;

    Role(Scope scope) {
        this.scope = scope;
    }

    public Scope scope() {
        return scope;
    }

    /** As in answers and the database: {@code viewer}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String code) {
        return Stream.of(values()).filter(role -> role.code().equals(code)).findFirst();
    }

    static Role of(Scope scope) {
        return Stream.of(values())
                .filter(role -> role.scope == scope)
                .findFirst()
                .orElseThrow();
    }
}

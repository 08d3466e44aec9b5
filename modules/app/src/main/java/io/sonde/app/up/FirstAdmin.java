package io.sonde.app.up;

import io.sonde.app.storage.SecretFile;
import io.sonde.app.users.AccountTable;
import io.sonde.app.users.Password;
import io.sonde.app.users.PasswordHash;
import io.sonde.app.users.Role;
import java.security.SecureRandom;
import java.util.Optional;

/** The person who may do everything: made where there is nobody yet, the password kept in a file as it is. */
record FirstAdmin(SecretFile file, AccountTable table, SecureRandom random) {
    static final String NAME = "admin";
    private static final String TENANT = "default";

    /** Its password; empty when there is somebody already. */
    Optional<String> make() {
        if (!table.isEmpty()) {
            return Optional.empty();
        }
        Password password = Password.generate(random);
        // First, or an account would be there whose password nobody has.
        file.write(password.text());
        table.add(TENANT, NAME, Role.ADMIN, PasswordHash.of(password, random), false, "sonde up");
        return Optional.of(password.text());
    }
}

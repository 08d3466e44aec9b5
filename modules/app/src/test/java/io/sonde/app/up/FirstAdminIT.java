package io.sonde.app.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.app.storage.SecretFile;
import io.sonde.app.users.Account;
import io.sonde.app.users.AccountTable;
import io.sonde.app.users.Role;
import io.sonde.testkit.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstAdminIT {
    private final AccountTable table =
            new AccountTable(PostgresServer.shared().newDatabase().dataSource(), Clock.systemUTC());

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @Test
    void itIsMadeOnceAndItsPasswordKeptForItsOwnerAlone() throws Exception {
        Path file = folder.resolve("password");
        FirstAdmin first = new FirstAdmin(new SecretFile(file), table, new SecureRandom());

        Optional<String> password = first.make();

        assertThat(password).isPresent().contains(Files.readString(file).strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(table.list("default")).singleElement().satisfies(account -> {
            assertThat(account.name()).isEqualTo(FirstAdmin.NAME);
            assertThat(account.role()).isEqualTo(Role.ADMIN);
            assertThat(account.mustChange()).isFalse();
        });
        assertThat(first.make()).as("at the next start").isEmpty();
        assertThat(Files.readString(file).strip()).isEqualTo(password.get());
    }

    @Test
    void nobodyIsMadeBesideOthers() {
        table.add("default", "eva", Role.VIEWER, "a hash", false, "a test");

        assertThat(new FirstAdmin(new SecretFile(folder.resolve("password")), table, new SecureRandom()).make())
                .isEmpty();
        assertThat(table.list("default")).extracting(Account::name).containsExactly("eva");
        assertThat(folder.resolve("password")).doesNotExist();
    }
}

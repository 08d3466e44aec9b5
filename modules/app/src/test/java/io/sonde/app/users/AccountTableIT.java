package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.app.users.AccountTable.Outcome;
import io.sonde.core.Unavailable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class AccountTableIT {
    private static final String TENANT = People.TENANT;

    private final People people = new People();
    private final AccountTable table = people.accounts;

    @BeforeEach
    void anAdministratorAndAViewer() {
        people.add("eva", Role.ADMIN);
        people.add("tom", Role.VIEWER);
    }

    @Test
    void theDatabaseHoldsNoPassword() {
        assertThat(people.rows("SELECT a::text FROM account a"))
                .hasSize(2)
                .allMatch(row -> row.contains("$argon2id$") && !row.contains("correct horse"));
    }

    @Test
    void aNameIsOnePersons() {
        assertThat(table.add("other", "eva", Role.VIEWER, People.HASH, true, "x"))
                .isFalse();
        assertThat(table.list(TENANT).get(0).role()).isEqualTo(Role.ADMIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Eva", "eva ", ".eva", "0123456789ab", "a/b", "shell:root"})
    void whatIsNoNameIsNobodys(String name) {
        assertThatThrownBy(() -> table.add(TENANT, name, Role.VIEWER, People.HASH, true, "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLastAdministratorIsNeitherRemovedNorDisabledNorDemoted() {
        assertThat(table.remove(TENANT, "eva", "x")).isEqualTo(Outcome.LAST_ADMIN);
        assertThat(table.setDisabled(TENANT, "eva", true, "x")).isEqualTo(Outcome.LAST_ADMIN);
        assertThat(table.setRole(TENANT, "eva", Role.OPERATOR, "x")).isEqualTo(Outcome.LAST_ADMIN);
        assertThat(table.list(TENANT).get(0).mayAdminister()).isTrue();
        assertThat(people.rows("SELECT what FROM audit WHERE who = 'x'")).isEmpty();

        table.setRole(TENANT, "tom", Role.ADMIN, "x");
        assertThat(table.remove(TENANT, "eva", "x")).isEqualTo(Outcome.DONE);
        assertThat(table.remove(TENANT, "tom", "x")).isEqualTo(Outcome.LAST_ADMIN);
    }

    @Test
    void ofAdministratorsWhoDisableEachOtherAtOnceOneStays() throws Exception {
        for (int i = 0; i < 8; i++) {
            people.add("admin" + i, Role.ADMIN);
        }
        ExecutorService threads = Executors.newFixedThreadPool(9);
        List<Callable<Outcome>> all = new ArrayList<>();
        for (Account account : table.list(TENANT)) {
            if (account.mayAdminister()) {
                all.add(() -> table.setDisabled(TENANT, account.name(), true, "x"));
            }
        }

        List<Outcome> outcomes = new ArrayList<>();
        for (var done : threads.invokeAll(all)) {
            outcomes.add(done.get());
        }

        threads.shutdown();
        assertThat(outcomes).hasSize(9).containsOnlyOnce(Outcome.LAST_ADMIN);
        assertThat(table.list(TENANT)).filteredOn(Account::mayAdminister).hasSize(1);
    }

    @Test
    void whoIsUnknownOrOfAnotherTenantIsNotFound() {
        assertThat(table.remove(TENANT, "nobody", "x")).isEqualTo(Outcome.UNKNOWN);
        assertThat(table.setRole("other", "tom", Role.ADMIN, "x")).isEqualTo(Outcome.UNKNOWN);
        assertThat(table.list("other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"password", "role", "disable", "remove"})
    void eachChangeEndsTheSessionsAndStandsInTheAuditWithoutASecret(String change) {
        SessionTable.Begun session = people.signedIn("tom");

        Outcome outcome =
                switch (change) {
                    case "password" -> table.setPassword(TENANT, "tom", People.HASH, true, "eva");
                    case "role" -> table.setRole(TENANT, "tom", Role.OPERATOR, "eva");
                    case "disable" -> table.setDisabled(TENANT, "tom", true, "eva");
                    default -> table.remove(TENANT, "tom", "eva");
                };

        assertThat(outcome).isEqualTo(Outcome.DONE);
        assertThat(people.sessions.find(session.stored().sha256())).isEmpty();
        assertThat(people.rows("SELECT what, subject FROM audit WHERE who = 'eva'"))
                .containsExactly("user." + change + " | tom");
        assertThat(people.rows("SELECT a::text FROM audit a")).noneMatch(row -> row.contains("argon2"));
    }

    @Test
    void theAuditSaysWhatItWasAndWhatItIs() {
        table.setRole(TENANT, "tom", Role.OPERATOR, "eva");

        assertThat(people.rows("SELECT before->>'role', after->>'role' FROM audit WHERE what = 'user.role'"))
                .containsExactly("viewer | operator");
    }

    @Test
    void withoutADatabaseItSaysSo() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> new AccountTable(nowhere, Clock.systemUTC()).list(TENANT))
                .isInstanceOf(Unavailable.class);
    }
}

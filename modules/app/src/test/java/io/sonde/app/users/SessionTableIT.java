package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Session;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTableIT {
    private final People people = new People();
    private final SessionTable table = people.sessions;
    private final CachedSessions cached = new CachedSessions(table, Runnable::run, people.clock);

    @BeforeEach
    void somebody() {
        people.add("eva", Role.OPERATOR);
    }

    @Test
    void theDatabaseDoesNotHoldTheSecret() {
        SessionTable.Begun begun = people.signedIn("eva");

        assertThat(people.rows("SELECT s::text FROM web_session s"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .doesNotContain(begun.secret())
                        .contains(begun.stored().id()));
        assertThat(begun.toString()).doesNotContain(begun.secret());
    }

    @Test
    void whoHasTheSecretIsWhoSignedIn() {
        SessionTable.Begun begun = people.signedIn("eva");

        Session session = session(begun).orElseThrow();

        assertThat(session.grant().who()).isEqualTo("eva");
        assertThat(session.grant().scope()).isEqualTo(Role.OPERATOR.scope());
        assertThat(session.csrf()).hasSize(43).isNotEqualTo(begun.secret());
        assertThat(cached.session("x".repeat(43)).toCompletableFuture().join()).isEmpty();
        assertThat(cached.session("").toCompletableFuture().join()).isEmpty();
    }

    @Test
    void itEndsWhenItIsNotUsedForTwelveHoursAndNotBefore() {
        SessionTable.Begun begun = people.signedIn("eva");

        people.clock.forward(Duration.ofHours(11));
        assertThat(session(begun)).isPresent();
        people.clock.forward(Duration.ofHours(11));
        assertThat(session(begun)).as("used in between").isPresent();

        people.clock.forward(Duration.ofHours(12).plusMinutes(1));
        assertThat(session(begun)).isEmpty();
    }

    @Test
    void itEndsAfterSevenDaysHoweverMuchItIsUsed() {
        SessionTable.Begun begun = people.signedIn("eva");
        Instant end = people.clock.instant().plus(Duration.ofDays(7));

        while (people.clock.instant().plus(Duration.ofHours(8)).isBefore(end)) {
            people.clock.forward(Duration.ofHours(8));
            assertThat(session(begun)).isPresent();
        }

        people.clock.forward(Duration.ofHours(8));
        assertThat(session(begun)).isEmpty();
    }

    @Test
    void aChangedRoleEndsItAtOnceWhereItWasChangedAndWithinSecondsElsewhere() {
        SessionTable.Begun begun = people.signedIn("eva");
        var elsewhere = new CachedSessions(table, Runnable::run, people.clock);
        assertThat(session(begun)).isPresent();
        assertThat(elsewhere.session(begun.secret()).toCompletableFuture().join())
                .isPresent();

        people.accounts.setRole(People.TENANT, "eva", Role.VIEWER, "x");
        cached.forgetAll("eva");

        assertThat(session(begun)).isEmpty();
        people.clock.forward(Duration.ofSeconds(5));
        assertThat(elsewhere.session(begun.secret()).toCompletableFuture().join())
                .isEmpty();
    }

    @Test
    void noneBeginsWithAPasswordThatIsChangedMeanwhile() throws Exception {
        AccountTable.Known looked = people.accounts.find("eva").orElseThrow();
        try (Connection other = people.database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("UPDATE account SET password_hash = 'another' WHERE name = 'eva'");
            CompletableFuture<Optional<SessionTable.Begun>> begun =
                    CompletableFuture.supplyAsync(() -> table.begin(looked));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !people.rows(
                            "SELECT 1 FROM pg_locks WHERE NOT granted")
                    .isEmpty());
            other.commit();

            assertThat(begun.get(20, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(people.rows("SELECT 1 FROM web_session")).isEmpty();
    }

    private Optional<Session> session(SessionTable.Begun begun) {
        return cached.session(begun.secret()).toCompletableFuture().join();
    }
}

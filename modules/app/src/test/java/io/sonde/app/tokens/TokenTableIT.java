package io.sonde.app.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.app.tokens.TokenTable.Issued;
import io.sonde.app.tokens.TokenTable.Revocation;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Unavailable;
import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class TokenTableIT {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");

    private final DataSource database = PostgresServer.shared().newDatabase().dataSource();
    private final TokenTable table = at(NOW);

    @Test
    void aTokenIsFoundByItsHashWithAllThatWasSaidOfIt() {
        Instant expiry = NOW.plus(Duration.ofDays(30));

        Issued issued = table.create(new NewToken("default", Scope.INGEST, "büro 東", "for the office", expiry));

        assertThat(table.find(issued.token().sha256())).contains(issued.stored());
        assertThat(issued.stored())
                .isEqualTo(new StoredToken(
                        "default",
                        issued.token().id(),
                        Scope.INGEST,
                        "büro 東",
                        "for the office",
                        NOW,
                        expiry,
                        null,
                        null));
        assertThat(table.find(Token.generate(Scope.INGEST, new SecureRandom()).sha256()))
                .isEmpty();
    }

    @Test
    void theDatabaseDoesNotHoldTheToken() throws SQLException {
        Issued issued = table.create(wish(Scope.ADMIN));

        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT token::text, encode(sha256, 'escape') FROM token")) {
            assertThat(row.next()).isTrue();
            String secret = issued.token().text().split("_")[2];
            assertThat(row.getString(1)).doesNotContain(secret);
            assertThat(row.getString(2)).doesNotContain(secret);
        }
    }

    @Test
    void theNewestIsListedFirstAndOtherTenantsAreNot() {
        Issued old = table.create(wish(Scope.READ));
        Issued fresh = at(NOW.plusSeconds(1)).create(wish(Scope.ADMIN));
        table.create(new NewToken("other", Scope.ADMIN, null, "", null));

        assertThat(table.list("default")).containsExactly(fresh.stored(), old.stored());
    }

    @Test
    void aTokenIsRevokedByEnoughOfItsIdAndOnlyOnce() {
        Issued issued = table.create(wish(Scope.INGEST));
        String id = issued.stored().id();

        assertThat(table.revoke("other", id)).isEqualTo(Revocation.UNKNOWN);
        assertThat(table.revoke("default", "")).isEqualTo(Revocation.UNKNOWN);
        assertThat(table.revoke("default", "%")).isEqualTo(Revocation.UNKNOWN);
        assertThat(table.revoke("default", id.substring(0, 6))).isEqualTo(Revocation.REVOKED);
        assertThat(table.revoke("default", id)).isEqualTo(Revocation.ALREADY_REVOKED);

        StoredToken revoked = table.find(issued.token().sha256()).orElseThrow();
        assertThat(revoked.revokedAt()).isEqualTo(NOW);
        assertThat(revoked.isGoodAt(NOW)).isFalse();
    }

    @Test
    void anIdThatNamesMoreThanOneTokenRevokesNone() {
        for (int i = 0; i < 17; i++) {
            table.create(wish(Scope.INGEST));
        }
        List<String> firstCharacters = table.list("default").stream()
                .map(token -> token.id().substring(0, 1))
                .toList();
        String shared = firstCharacters.stream()
                .filter(first -> firstCharacters.indexOf(first) != firstCharacters.lastIndexOf(first))
                .findAny()
                .orElseThrow();

        assertThat(table.revoke("default", shared)).isEqualTo(Revocation.AMBIGUOUS);
        assertThat(table.list("default")).allMatch(token -> token.revokedAt() == null);
    }

    @Test
    void itsUseIsWrittenAtMostOnceAMinute() {
        Issued issued = table.create(wish(Scope.INGEST));

        table.used(issued.stored());
        at(NOW.plusSeconds(59)).used(issued.stored());
        assertThat(lastUsed(issued)).isEqualTo(NOW);

        at(NOW.plusSeconds(60)).used(issued.stored());
        assertThat(lastUsed(issued)).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void theAuthorityAsksTheTableAndNotesTheUse() {
        Issued issued = table.create(new NewToken("default", Scope.INGEST, "berlin-1", "", null));
        Issued revoked = table.create(wish(Scope.ADMIN));
        table.revoke("default", revoked.stored().id());
        var authority = new CachedAuthority(table, Runnable::run, Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(authority.grant(issued.token().text()).toCompletableFuture().join())
                .contains(new Grant(issued.stored().id(), "default", Scope.INGEST, "berlin-1"));
        assertThat(authority.grant(revoked.token().text()).toCompletableFuture().join())
                .isEmpty();
        assertThat(lastUsed(issued)).isEqualTo(NOW);
    }

    @Test
    void withoutADatabaseItSaysThatItCannotBeAsked() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/none");
        var unreachable = new TokenTable(nowhere, Clock.systemUTC(), new SecureRandom());

        assertThatThrownBy(() -> unreachable.list("default")).isInstanceOf(Unavailable.class);
    }

    @Test
    void aWishThatMakesNoSenseIsRefusedBeforeTheDatabase() {
        assertThatThrownBy(() -> new NewToken("default", Scope.INGEST, "", "", null))
                .hasMessageContaining("1 to 255 characters");
        assertThatThrownBy(() -> new NewToken("default", Scope.READ, "berlin-1", "", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("only an ingest token", "scope read", "leave the client out");
        assertThatThrownBy(() -> new NewToken("default", Scope.INGEST, null, "a\nb", null))
                .hasMessageContaining("note");
    }

    private Instant lastUsed(Issued issued) {
        Instant lastUsed = table.find(issued.token().sha256()).orElseThrow().lastUsedAt();
        assertThat(lastUsed).isNotNull();
        return lastUsed;
    }

    private TokenTable at(Instant now) {
        return new TokenTable(database, Clock.fixed(now, ZoneOffset.UTC), new SecureRandom());
    }

    private static NewToken wish(Scope scope) {
        return new NewToken("default", scope, null, "", null);
    }
}

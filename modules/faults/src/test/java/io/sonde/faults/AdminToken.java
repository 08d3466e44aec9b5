package io.sonde.faults;

import io.sonde.app.tokens.NewToken;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Scope;
import io.sonde.testkit.PostgresServer;
import java.security.SecureRandom;
import java.time.Clock;

/** A token that may do everything, made the way {@code sonde token} makes it. */
final class AdminToken {
    private AdminToken() {}

    static String of(PostgresServer.Database database) {
        return new TokenTable(database.dataSource(), Clock.systemUTC(), new SecureRandom())
                .create(new NewToken("default", Scope.ADMIN, null, "", null))
                .token()
                .text();
    }
}

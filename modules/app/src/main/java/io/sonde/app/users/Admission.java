package io.sonde.app.users;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.sonde.app.audit.AuditRoutes;
import io.sonde.app.audit.AuditTable;
import io.sonde.app.tokens.CachedAuthority;
import io.sonde.app.tokens.TokenRoutes;
import io.sonde.app.tokens.TokenTable;
import io.sonde.core.Audit;
import io.sonde.core.Counters;
import io.sonde.edge.Access;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.apache.pekko.http.javadsl.server.Route;

/** Who may come in to a node, people and machines, and what they changed. */
public final class Admission {
    private final TokenTable tokens;
    private final CachedAuthority authority;
    private final AuditTable audit;
    private final AccountTable accounts;
    private final SessionTable sessions;
    private final CachedSessions cached;
    private final SignInSettings settings;
    private final OidcSettings oidc;
    private final DataSource dataSource;
    private final Executor blocking;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    /** @param blocking where JDBC may block */
    public Admission(
            DataSource dataSource, Executor blocking, SignInSettings settings, OidcSettings oidc, Clock clock) {
        this.dataSource = dataSource;
        this.blocking = blocking;
        this.settings = settings;
        this.oidc = oidc;
        this.clock = clock;
        this.tokens = new TokenTable(dataSource, clock, random);
        this.authority = new CachedAuthority(tokens, blocking, clock);
        this.audit = new AuditTable(dataSource, blocking, clock);
        this.accounts = new AccountTable(dataSource, clock);
        this.sessions = new SessionTable(dataSource, settings, random, clock);
        this.cached = new CachedSessions(sessions, blocking, clock);
    }

    public Access access(Counters counters) {
        return new Access(authority, cached, counters);
    }

    public Audit audit() {
        return audit;
    }

    /** @param tls whether the node's own port speaks TLS */
    public Route routes(Access access, boolean tls, Counters counters) {
        var signIn = new SignIn(accounts, new AttemptTable(dataSource, clock), sessions, blocking, random);
        boolean secured = tls || settings.behindProxy();
        var people = new SessionRoutes(
                access, signIn, sessions, cached, blocking, new Callers(settings.behindProxy()), secured, counters);
        return concat(
                people.routes(),
                new OidcRoutes(oidc, new VouchedTable(dataSource, clock), sessions, cached, blocking, secured).routes(),
                new UserRoutes(access, accounts, signIn, cached, blocking, random).routes(),
                new TokenRoutes(access, tokens, authority, audit, blocking, clock).routes(),
                new AuditRoutes(access, audit, blocking).routes());
    }
}

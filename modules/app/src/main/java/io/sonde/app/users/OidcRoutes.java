package io.sonde.app.users;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.app.users.OidcProvider.Pending;
import io.sonde.core.Unavailable;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.http.javadsl.model.headers.SameSite;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/session/oidc}: to the provider that vouches for people, and back. */
final class OidcRoutes {
    private static final PathMatcher0 SESSION = segment("api").slash("v1").slash("session");
    private static final String COOKIE = "sonde_oidc";
    private static final long LONGEST_S = 600;
    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 32;
    private static final int RETRY_AFTER_S = 2;
    private static final String IN = "/";
    private static final String REFUSED = "/#/not-vouched-for";

    private final OidcSettings settings;
    private final OidcProvider provider;
    private final VouchedTable people;
    private final SessionTable table;
    private final CachedSessions sessions;
    private final Executor blocking;
    private final boolean secured;
    /** A provider that hangs is waited for by these alone. */
    private final ThreadPoolExecutor asking;

    /**
     * @param blocking where JDBC may block
     * @param secured whether browsers come by TLS
     */
    OidcRoutes(
            OidcSettings settings,
            VouchedTable people,
            SessionTable table,
            CachedSessions sessions,
            Executor blocking,
            boolean secured) {
        this.settings = settings;
        this.provider = new OidcProvider(settings);
        this.people = people;
        this.table = table;
        this.sessions = sessions;
        this.blocking = blocking;
        this.secured = secured;
        this.asking = new ThreadPoolExecutor(
                AT_ONCE,
                AT_ONCE,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "sonde-oidc");
                    thread.setDaemon(true);
                    return thread;
                },
                (task, full) -> {
                    throw new Unavailable("the provider of OpenID Connect is slow", RETRY_AFTER_S, null);
                });
        asking.allowCoreThreadTimeOut(true);
    }

    Route routes() {
        return concat(
                path(
                        SESSION.slash("ways"),
                        () -> get(() -> complete(Json.answer(200, json -> {
                            json.writeBooleanField("password", true);
                            json.writeBooleanField("oidc", settings.isOn());
                        })))),
                path(SESSION.slash("oidc"), () -> get(this::begin)),
                path(SESSION.slash("oidc").slash("callback"), () -> get(() -> extractRequest(this::comeBack))));
    }

    private Route begin() {
        requireOn();
        Pending pending = Pending.fresh();
        return onSuccess(
                CompletableFuture.supplyAsync(() -> provider.address(pending), asking),
                address -> complete(to(address.toString())
                        .addHeader(SetCookie.create(
                                cookie(String.join("~", pending.state(), pending.nonce(), pending.verifier()))
                                        .withMaxAge(LONGEST_S)))));
    }

    /** Whatever is wrong with an answer, its sender learns only that it is not taken. */
    private Route comeBack(HttpRequest request) {
        requireOn();
        Optional<Pending> pending = pending(request);
        String state = request.getUri().query().get("state").orElse("");
        Optional<String> code = request.getUri().query().get("code");
        if (pending.isEmpty() || code.isEmpty() || !isSame(pending.get().state(), state)) {
            return complete(done(REFUSED));
        }
        CompletionStage<Optional<SessionTable.Begun>> begun = CompletableFuture.supplyAsync(
                        () -> provider.who(code.get(), pending.get()), asking)
                .thenApplyAsync(who -> who.flatMap(people::known).flatMap(table::begin), blocking);
        return onSuccess(begun, session -> {
            session.ifPresent(one -> sessions.forgetAll(one.stored().account().name()));
            return complete(session.map(
                            one -> done(IN).addHeader(SetCookie.create(SessionRoutes.cookie(one.secret(), secured))))
                    .orElseGet(() -> done(REFUSED)));
        });
    }

    private void requireOn() {
        if (!settings.isOn()) {
            throw new ProblemException(new Problem(
                    404,
                    "not-found",
                    "Not found",
                    "This node has no provider of OpenID Connect (sonde.sign-in.oidc)."));
        }
    }

    private HttpResponse done(String where) {
        return to(where).addHeader(SetCookie.create(cookie("").withMaxAge(0)));
    }

    private static HttpResponse to(String where) {
        return HttpResponse.create().withStatus(StatusCodes.SEE_OTHER).addHeader(Location.create(where));
    }

    /** Sent along when the provider's page leads back here, so not as strict as a session's. */
    private HttpCookie cookie(String value) {
        return HttpCookie.create(COOKIE, value)
                .withPath("/api/v1/session/oidc")
                .withHttpOnly(true)
                .withSameSite(SameSite.Lax)
                .withSecure(secured);
    }

    private static Optional<Pending> pending(HttpRequest request) {
        return StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(Cookie.class::isInstance)
                .map(Cookie.class::cast)
                .flatMap(cookies -> StreamSupport.stream(cookies.getCookies().spliterator(), false))
                .filter(cookie -> cookie.name().equals(COOKIE))
                .map(HttpCookiePair::value)
                .map(value -> value.split("~", -1))
                .filter(parts -> parts.length == 3)
                .map(parts -> new Pending(parts[0], parts[1], parts[2]))
                .findFirst();
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}

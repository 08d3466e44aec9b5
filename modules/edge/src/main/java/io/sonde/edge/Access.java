package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.sonde.core.Authority;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Session;
import io.sonde.core.Sessions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The door: lets a request through with the {@link Grant} of its token (RFC 6750, {@code Authorization: Bearer} alone; a
 * token in a URL would end in logs), or without that header with the one of its {@link Session} (a cookie; whatever
 * changes something has to show what another site cannot know). Who is turned away is counted as
 * {@code edge_auth_failures_total} by reason.
 */
public final class Access {
    /** The cookie that holds a session's secret. */
    public static final String COOKIE = "sonde_session";

    private static final String CSRF = "X-CSRF-Token";
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,200})");

    private final Authority authority;
    private final Sessions sessions;
    private final Counters counters;

    /** For tokens alone. */
    public Access(Authority authority, Counters counters) {
        this(authority, secret -> CompletableFuture.completedStage(Optional.empty()), counters);
    }

    public Access(Authority authority, Sessions sessions, Counters counters) {
        this.authority = authority;
        this.sessions = sessions;
        this.counters = counters;
    }

    /**
     * 401 without a good token or session, 403 when it is for something else or has to choose another password first, 503
     * when it cannot be checked.
     */
    public Route require(Scope scope, Function<Grant, Route> inner) {
        return requireAny(EnumSet.of(scope), inner);
    }

    /** The same for whoever has any of these scopes. */
    public Route requireAny(Set<Scope> scopes, Function<Grant, Route> inner) {
        return letIn((request, entrant) -> {
            Session session = entrant.session();
            if (session != null && session.mustChange()) {
                return refuse(request, "password", mustChange());
            }
            return scopes.stream().anyMatch(entrant.grant()::allows)
                    ? inner.apply(entrant.grant())
                    : refuse(request, "scope", forbidden(scopes, entrant));
        });
    }

    /** As {@link #require}, for what goes on longer than a request: whether the right to it lasts can be asked again. */
    public Route requireStanding(Scope scope, Function<Standing, Route> inner) {
        return extractRequest(request -> require(scope, grant -> inner.apply(new Standing(grant, again(request)))));
    }

    /** Whoever is known, whatever they may do. */
    public Route identify(Function<Entrant, Route> inner) {
        return letIn((request, entrant) -> inner.apply(entrant));
    }

    /** Counts a request that named another client than its token's. */
    void foreignClient() {
        failed("client");
    }

    @FunctionalInterface
    private interface Inside {
        Route of(HttpRequest request, Entrant entrant);
    }

    private Route letIn(Inside inside) {
        return extractRequest(request -> {
            List<String> sent = authorizations(request);
            if (sent.isEmpty()) {
                return bySession(request, inside);
            }
            Matcher bearer = BEARER.matcher(sent.get(0));
            if (sent.size() > 1 || !bearer.matches()) {
                return refuse(request, "malformed", invalid("Expected one header Authorization: Bearer sonde_…"));
            }
            return onSuccess(
                    authority.grant(bearer.group(1)),
                    grant -> grant.isPresent()
                            ? inside.of(request, new Entrant(grant.get(), null))
                            : refuse(
                                    request,
                                    "unknown",
                                    invalid("The token is unknown, mistyped, revoked or expired.")));
        });
    }

    private Supplier<CompletionStage<Optional<Grant>>> again(HttpRequest letIn) {
        List<String> sent = authorizations(letIn);
        if (sent.isEmpty()) {
            String secret = secrets(letIn).get(0);
            return () -> sessions.session(secret).thenApply(session -> session.map(Session::grant));
        }
        String token = BEARER.matcher(sent.get(0)).replaceFirst("$1");
        return () -> authority.grant(token);
    }

    private Route bySession(HttpRequest request, Inside inside) {
        List<String> secrets = secrets(request);
        if (secrets.isEmpty()) {
            return refuse(
                    request,
                    "missing",
                    unauthorized("Bearer", "Sign in, or send a token as Authorization: Bearer sonde_…"));
        }
        if (secrets.size() > 1) {
            return refuse(request, "malformed", unauthorized("Bearer", "Expected one cookie " + COOKIE + "."));
        }
        return onSuccess(sessions.session(secrets.get(0)), session -> {
            if (session.isEmpty()) {
                return refuse(request, "session", unauthorized("Bearer", "The session has ended; sign in again."));
            }
            return isRead(request.method()) || shows(request, session.get().csrf())
                    ? inside.of(request, new Entrant(session.get().grant(), session.get()))
                    : refuse(request, "csrf", unproven());
        });
    }

    private Route refuse(HttpRequest request, String reason, HttpResponse answer) {
        failed(reason);
        return Unread.answer(request, answer);
    }

    private void failed(String reason) {
        counters.increment("edge_auth_failures_total{reason=\"" + reason + "\"}");
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD);
    }

    private static boolean shows(HttpRequest request, String csrf) {
        String shown = request.getHeader(CSRF).map(HttpHeader::value).orElse("");
        return MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), csrf.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> authorizations(HttpRequest request) {
        List<String> values = new ArrayList<>(1);
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("authorization")) {
                values.add(header.value());
            }
        }
        return values;
    }

    private static List<String> secrets(HttpRequest request) {
        List<String> secrets = new ArrayList<>(1);
        for (HttpHeader header : request.getHeaders()) {
            if (header instanceof Cookie cookies) {
                for (HttpCookiePair cookie : cookies.getCookies()) {
                    if (cookie.name().equals(COOKIE)) {
                        secrets.add(cookie.value());
                    }
                }
            }
        }
        return secrets;
    }

    private static HttpResponse invalid(String detail) {
        return unauthorized("Bearer error=\"invalid_token\"", detail);
    }

    private static HttpResponse unauthorized(String challenge, String detail) {
        return new Problem(401, "unauthorized", "Not authorized", detail)
                .response()
                .addHeader(RawHeader.create("WWW-Authenticate", challenge));
    }

    private static HttpResponse unproven() {
        return new Problem(
                        403,
                        "csrf",
                        "Not from the page",
                        "A request that changes something and comes with a session's cookie needs the header " + CSRF
                                + " with the csrf_token of GET /api/v1/session.")
                .response();
    }

    private static HttpResponse mustChange() {
        return new Problem(
                        403,
                        "password-change",
                        "Choose a password first",
                        "This password was given by somebody else: choose your own with POST /api/v1/session/password.")
                .response();
    }

    /** {@code read, operate or admin} */
    private static String enough(Set<Scope> wanted) {
        String all = Stream.of(Scope.values())
                .filter(scope -> wanted.stream().anyMatch(scope::includes))
                .map(Scope::code)
                .collect(Collectors.joining(", "));
        return all.replaceFirst(", (\\w+)$", " or $1");
    }

    private static HttpResponse forbidden(Set<Scope> wanted, Entrant held) {
        boolean isToken = held.session() == null;
        return new Problem(
                        403,
                        "wrong-scope",
                        isToken ? "Token is for something else" : "Not for your role",
                        "This needs " + (isToken ? "a token of " : "") + "scope " + enough(wanted) + "; "
                                + (isToken ? "the one sent is" : "your role is") + " of scope "
                                + held.grant().scope().code() + ".")
                .response();
    }
}

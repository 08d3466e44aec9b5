package io.sonde.app.users;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Session;
import io.sonde.edge.Access;
import io.sonde.edge.Entrant;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.Body;
import io.sonde.query.Parameters;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.headers.HttpCookie;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.SameSite;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/session}: a person signs in and out, and chooses a password. */
final class SessionRoutes {
    private static final PathMatcher0 SESSION = segment("api").slash("v1").slash("session");
    private static final RawHeader NOT_KEPT = RawHeader.create("Cache-Control", "no-store");

    private final Access access;
    private final SignIn signIn;
    private final SessionTable table;
    private final CachedSessions sessions;
    private final Executor blocking;
    private final Callers callers;
    private final boolean secured;
    private final Counters counters;

    /**
     * @param blocking where JDBC may block
     * @param secured whether browsers come by TLS
     */
    SessionRoutes(
            Access access,
            SignIn signIn,
            SessionTable table,
            CachedSessions sessions,
            Executor blocking,
            Callers callers,
            boolean secured,
            Counters counters) {
        this.access = access;
        this.signIn = signIn;
        this.table = table;
        this.sessions = sessions;
        this.blocking = blocking;
        this.callers = callers;
        this.secured = secured;
        this.counters = counters;
    }

    Route routes() {
        return concat(
                path(
                        SESSION,
                        () -> concat(
                                get(() -> access.identify(entrant -> complete(of(entrant)))),
                                post(() -> extractRequest(request -> Body.read(body -> signIn(request, body)))),
                                delete(() -> access.identify(entrant -> signOut(session(entrant)))))),
                path(
                        SESSION.slash("password"),
                        () -> post(() -> access.identify(entrant -> extractRequest(
                                request -> Body.read(body -> change(session(entrant), request, body)))))));
    }

    private Route signIn(HttpRequest request, Body body) {
        // What a form of another site cannot send, or it could sign its visitors in as somebody of its choice.
        MediaType type = request.entity().getContentType().mediaType();
        if (!type.isApplication() || !type.subType().equals("json")) {
            throw new ProblemException(new Problem(
                    415, "unsupported-media-type", "Unsupported media type", "Send Content-Type: application/json."));
        }
        body.allow(Set.of("name", "password"));
        String name = required(body, "name").strip().toLowerCase(Locale.ROOT);
        return onSuccess(
                signIn.with(name, required(body, "password"), callers.address(request)),
                begun -> complete(
                        begun.map(this::signedIn).orElseGet(() -> wrong("The name or the password is wrong."))));
    }

    private Route change(Session session, HttpRequest request, Body body) {
        body.allow(Set.of("password", "new_password"));
        String name = session.grant().who();
        Password wanted = wanted("new_password", required(body, "new_password"), name);
        return onSuccess(signIn.change(name, required(body, "password"), wanted, callers.address(request)), begun -> {
            sessions.forgetAll(name);
            return complete(begun.map(this::signedIn).orElseGet(() -> wrong("The password is wrong.")));
        });
    }

    private Route signOut(Session session) {
        return onSuccess(CompletableFuture.supplyAsync(() -> table.end(session.id()), blocking), ended -> {
            sessions.forget(session.id());
            return complete(Json.answer(
                            200,
                            json -> json.writeStringField(
                                    "name", session.grant().who()))
                    .addHeader(SetCookie.create(cookie("", secured).withMaxAge(0))));
        });
    }

    private HttpResponse signedIn(SessionTable.Begun begun) {
        Session session = begun.stored().session();
        return of(new Entrant(session.grant(), session)).addHeader(SetCookie.create(cookie(begun.secret(), secured)));
    }

    private HttpResponse wrong(String detail) {
        counters.increment("edge_auth_failures_total{reason=\"password\"}");
        return new Problem(401, "wrong-password", "Not signed in", detail)
                .response()
                .addHeader(RawHeader.create("WWW-Authenticate", "Bearer"));
    }

    /** @param secured whether browsers come by TLS */
    static HttpCookie cookie(String secret, boolean secured) {
        return HttpCookie.create(Access.COOKIE, secret)
                .withPath("/")
                .withHttpOnly(true)
                .withSameSite(SameSite.Strict)
                .withSecure(secured);
    }

    private static HttpResponse of(Entrant entrant) {
        return Json.answer(200, json -> write(entrant, json)).addHeader(NOT_KEPT);
    }

    private static void write(Entrant entrant, JsonGenerator json) throws IOException {
        Grant grant = entrant.grant();
        Session session = entrant.session();
        json.writeStringField("name", grant.who());
        json.writeStringField(
                "role", session == null ? null : Role.of(grant.scope()).code());
        json.writeStringField("scope", grant.scope().code());
        if (session != null) {
            json.writeStringField("csrf_token", session.csrf());
            json.writeBooleanField("must_change_password", session.mustChange());
            json.writeStringField("expires_at", session.expiresAt().toString());
        }
    }

    private static Session session(Entrant entrant) {
        return Optional.ofNullable(entrant.session())
                .orElseThrow(() -> new ProblemException(new Problem(
                        400,
                        "no-session",
                        "Nobody has signed in",
                        "This is about a person's session; a token has none. DELETE /api/v1/tokens/{id} revokes it.")));
    }

    static Password wanted(String field, String text, String name) {
        try {
            return Password.of(text, name);
        } catch (IllegalArgumentException e) {
            // What was typed may be the password of something else, and is not repeated.
            throw Parameters.invalid(field, "", Password.PASSWORDS);
        }
    }

    private static String required(Body body, String name) {
        return body.text(name).orElseThrow(() -> Parameters.invalid(name, "", "it: nobody is let in without"));
    }
}

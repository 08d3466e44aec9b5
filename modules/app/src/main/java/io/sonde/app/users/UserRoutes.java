package io.sonde.app.users;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.patch;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.app.users.AccountTable.Outcome;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.Body;
import io.sonde.query.Parameters;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/users}: who may sign in, for administrators. A password that was made here is shown once. */
final class UserRoutes {
    private static final PathMatcher0 USERS = segment("api").slash("v1").slash("users");

    private final Access access;
    private final AccountTable table;
    private final SignIn signIn;
    private final CachedSessions sessions;
    private final Executor blocking;
    private final SecureRandom random;

    /** @param blocking where JDBC may block */
    UserRoutes(
            Access access,
            AccountTable table,
            SignIn signIn,
            CachedSessions sessions,
            Executor blocking,
            SecureRandom random) {
        this.access = access;
        this.table = table;
        this.signIn = signIn;
        this.sessions = sessions;
        this.blocking = blocking;
        this.random = random;
    }

    Route routes() {
        return concat(
                path(
                        USERS,
                        () -> concat(
                                get(() -> access.require(Scope.ADMIN, this::list)),
                                post(() -> order(grant -> body -> add(grant, body))))),
                path(
                        USERS.slash(segment()),
                        name -> concat(
                                patch(() -> order(grant -> body -> change(grant, name, body))),
                                delete(() -> access.require(
                                        Scope.ADMIN,
                                        grant -> changed(
                                                name, () -> table.remove(grant.tenant(), name, grant.who())))))),
                path(
                        USERS.slash(segment()).slash("password"),
                        name -> post(() -> order(grant -> body -> setPassword(grant, name, body)))));
    }

    private Route order(Function<Grant, Function<Body, Route>> by) {
        return access.require(
                Scope.ADMIN, grant -> Body.read(body -> by.apply(grant).apply(body)));
    }

    private Route list(Grant grant) {
        return onSuccess(
                CompletableFuture.supplyAsync(() -> table.list(grant.tenant()), blocking),
                accounts -> complete(Json.answer(200, json -> write(accounts, json))));
    }

    private Route add(Grant grant, Body body) {
        body.allow(Set.of("name", "role", "password"));
        String name = body.text("name").filter(Account::isName).orElseThrow(() -> invalid(body, "name", Account.NAMES));
        Role role = role(body).orElseThrow(() -> invalid(body, "role", "viewer, operator or admin"));
        Password password = password(body, name);
        CompletionStage<Boolean> added = signIn.hash(password)
                .thenApplyAsync(hash -> table.add(grant.tenant(), name, role, hash, true, grant.who()), blocking);
        return onSuccess(added, isNew -> {
            if (!isNew) {
                throw new ProblemException(
                        new Problem(409, "exists", "There is one", "Somebody has this name already; choose another."));
            }
            return complete(Json.answer(201, json -> {
                json.writeStringField("name", name);
                json.writeStringField("role", role.code());
                writeMade(password, body, json);
            }));
        });
    }

    private Route change(Grant grant, String name, Body body) {
        body.allow(Set.of("role", "disabled"));
        Optional<Role> role = role(body);
        Optional<Boolean> disabled = body.flag("disabled");
        if (role.isPresent() == disabled.isPresent()) {
            throw Parameters.invalid("role", body.text("role").orElse(""), "either role or disabled");
        }
        return changed(name, () -> role.map(wanted -> table.setRole(grant.tenant(), name, wanted, grant.who()))
                .orElseGet(() -> table.setDisabled(grant.tenant(), name, disabled.orElseThrow(), grant.who())));
    }

    private Route setPassword(Grant grant, String name, Body body) {
        body.allow(Set.of("password"));
        Password password = password(body, name);
        CompletionStage<Outcome> set = signIn.hash(password)
                .thenApplyAsync(hash -> table.setPassword(grant.tenant(), name, hash, true, grant.who()), blocking);
        return answered(name, set, json -> writeMade(password, body, json));
    }

    private Route changed(String name, Supplier<Outcome> change) {
        return answered(name, CompletableFuture.supplyAsync(change, blocking), json -> {});
    }

    private Route answered(String name, CompletionStage<Outcome> change, Json.Members more) {
        return onSuccess(change, outcome -> {
            sessions.forgetAll(name);
            return switch (outcome) {
                case DONE ->
                    complete(Json.answer(200, json -> {
                        json.writeStringField("name", name);
                        more.write(json);
                    }));
                case UNKNOWN ->
                    throw new ProblemException(new Problem(
                            404, "not-found", "Not found", "Nobody has this name; GET /api/v1/users lists them all."));
                case LAST_ADMIN ->
                    throw new ProblemException(new Problem(
                            409,
                            "last-admin",
                            "The last administrator",
                            "Nobody could administer any more; make somebody else an administrator first."));
            };
        });
    }

    /** What whoever asks already knows is not repeated. */
    private static void writeMade(Password password, Body body, JsonGenerator json) throws IOException {
        if (body.text("password").isEmpty()) {
            json.writeStringField("password", password.text());
        }
    }

    private Password password(Body body, String name) {
        return body.text("password")
                .map(text -> SessionRoutes.wanted("password", text, name))
                .orElseGet(() -> Password.generate(random));
    }

    private static Optional<Role> role(Body body) {
        return body.text("role")
                .map(code -> Role.of(code).orElseThrow(() -> invalid(body, "role", "viewer, operator or admin")));
    }

    private static ProblemException invalid(Body body, String field, String expected) {
        return Parameters.invalid(field, body.text(field).orElse(""), expected);
    }

    private static void write(List<Account> accounts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("users");
        for (Account account : accounts) {
            json.writeStartObject();
            json.writeStringField("name", account.name());
            json.writeStringField("role", account.role().code());
            json.writeBooleanField("disabled", account.isDisabled());
            json.writeBooleanField("must_change_password", account.mustChange());
            json.writeStringField("created_at", account.createdAt().toString());
            time("last_seen_at", account.lastSeenAt(), json);
            time("locked_until", account.lockedUntil(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void time(String name, @Nullable Instant time, JsonGenerator json) throws IOException {
        json.writeStringField(name, time == null ? null : time.toString());
    }
}

package io.sonde.app.tokens;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Audit;
import io.sonde.core.Audit.Change;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.Body;
import io.sonde.query.Parameters;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/tokens}: which machines may come in, for administrators. A token is shown once, when it is made. */
public final class TokenRoutes {
    private static final PathMatcher0 TOKENS = segment("api").slash("v1").slash("tokens");

    private final Access access;
    private final TokenTable table;
    private final CachedAuthority authority;
    private final Audit audit;
    private final Executor blocking;
    private final Clock clock;

    /** @param blocking where JDBC may block */
    public TokenRoutes(
            Access access, TokenTable table, CachedAuthority authority, Audit audit, Executor blocking, Clock clock) {
        this.access = access;
        this.table = table;
        this.authority = authority;
        this.audit = audit;
        this.blocking = blocking;
        this.clock = clock;
    }

    public Route routes() {
        return concat(
                path(
                        TOKENS,
                        () -> concat(
                                get(() -> access.require(Scope.ADMIN, this::list)),
                                post(() ->
                                        access.require(Scope.ADMIN, grant -> Body.read(body -> create(grant, body)))))),
                path(
                        TOKENS.slash(segment()),
                        id -> delete(() -> access.require(Scope.ADMIN, grant -> revoke(grant, id)))));
    }

    private Route list(Grant grant) {
        return onSuccess(
                CompletableFuture.supplyAsync(() -> table.list(grant.tenant()), blocking),
                tokens -> complete(Json.answer(200, json -> write(tokens, json))));
    }

    private Route create(Grant grant, Body body) {
        body.allow(Set.of("scope", "client_id", "note", "expires_at"));
        NewToken wish = wish(grant, body);
        return onSuccess(CompletableFuture.supplyAsync(() -> table.create(wish), blocking), issued -> {
            StoredToken stored = issued.stored();
            audit.note(Change.by(grant, "token.create", stored.id(), null, Json.object(json -> members(stored, json))));
            return complete(Json.answer(201, json -> {
                json.writeStringField("token", issued.token().text());
                members(stored, json);
            }));
        });
    }

    private Route revoke(Grant grant, String id) {
        // The beginning of an id, which the command line takes, would forget nothing below.
        if (!Token.isId(id)) {
            throw unknown();
        }
        return onSuccess(CompletableFuture.supplyAsync(() -> table.revoke(grant.tenant(), id), blocking), done -> {
            switch (done) {
                case REVOKED -> audit.note(Change.by(grant, "token.revoke", id, null, null));
                case ALREADY_REVOKED -> {}
                case UNKNOWN, AMBIGUOUS -> throw unknown();
            }
            authority.forget(id);
            return complete(Json.answer(200, json -> json.writeStringField("id", id)));
        });
    }

    private static ProblemException unknown() {
        return new ProblemException(
                new Problem(404, "not-found", "Not found", "No token has this id; GET /api/v1/tokens lists them all."));
    }

    private NewToken wish(Grant grant, Body body) {
        String code = body.text("scope").orElse("");
        Scope scope = Stream.of(Scope.values())
                .filter(one -> one.code().equals(code))
                .findFirst()
                .orElseThrow(() -> Parameters.invalid("scope", code, "ingest, read, operate or admin"));
        OptionalLong expiry = body.time("expires_at");
        if (expiry.isPresent() && expiry.getAsLong() <= clock.millis()) {
            throw Parameters.invalid("expires_at", body.text("expires_at").orElse(""), "a time that is yet to come");
        }
        try {
            return new NewToken(
                    grant.tenant(),
                    scope,
                    body.text("client_id").orElse(null),
                    body.text("note").orElse(""),
                    expiry.isPresent() ? Instant.ofEpochMilli(expiry.getAsLong()) : null);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem(400, "invalid-parameter", "Invalid parameter", String.valueOf(e.getMessage())));
        }
    }

    private void write(List<StoredToken> tokens, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tokens");
        for (StoredToken token : tokens) {
            json.writeStartObject();
            members(token, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void members(StoredToken token, JsonGenerator json) throws IOException {
        json.writeStringField("id", token.id());
        json.writeStringField("scope", token.scope().code());
        json.writeStringField("client_id", token.clientId());
        json.writeStringField("note", token.note());
        json.writeStringField("state", token.stateAt(clock.instant()));
        time("created_at", token.createdAt(), json);
        time("expires_at", token.expiresAt(), json);
        time("last_used_at", token.lastUsedAt(), json);
    }

    private static void time(String name, @Nullable Instant time, JsonGenerator json) throws IOException {
        json.writeStringField(name, time == null ? null : time.toString());
    }
}

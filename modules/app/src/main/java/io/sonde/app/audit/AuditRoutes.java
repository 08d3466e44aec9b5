package io.sonde.app.audit;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.parameterMultiMap;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Audit.Change;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.query.Cursor;
import io.sonde.query.Parameters;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/audit}: who changed what, for administrators. */
public final class AuditRoutes {
    private static final int LONGEST = 255;
    private static final long LATEST_MS = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();
    private static final String LIST = "audit";

    private final Access access;
    private final AuditTable table;
    private final Executor blocking;

    public AuditRoutes(Access access, AuditTable table, Executor blocking) {
        this.access = access;
        this.table = table;
        this.blocking = blocking;
    }

    public Route routes() {
        return path(
                segment("api").slash("v1").slash(LIST),
                () -> get(() -> access.require(
                        Scope.ADMIN,
                        grant -> parameterMultiMap(given -> list(
                                grant,
                                new Parameters(given, Set.of("who", "what", "from", "to", "limit", "cursor")))))));
    }

    private Route list(Grant grant, Parameters parameters) {
        int limit = parameters.limit();
        var query = new AuditTable.Query(
                grant.tenant(),
                Instant.ofEpochMilli(parameters.time("from").orElse(0)),
                Instant.ofEpochMilli(parameters.time("to").orElse(LATEST_MS)),
                parameters.text("who", LONGEST).orElse(""),
                parameters.text("what", LONGEST).orElse(""),
                parameters.cursor(LIST, 1).map(cursor -> cursor.valid(0)).orElse(Long.MAX_VALUE),
                limit + 1);
        return onSuccess(
                CompletableFuture.supplyAsync(() -> table.page(query), blocking),
                entries -> complete(Json.answer(200, json -> write(entries, limit, json))));
    }

    private static void write(List<AuditTable.Entry> entries, int limit, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(LIST);
        for (AuditTable.Entry entry : entries.subList(0, Math.min(limit, entries.size()))) {
            write(entry, json);
        }
        json.writeEndArray();
        if (entries.size() > limit) {
            String last = Long.toString(entries.get(limit - 1).id());
            json.writeStringField("next", new Cursor(LIST, List.of(last)).text());
        }
    }

    private static void write(AuditTable.Entry entry, JsonGenerator json) throws IOException {
        Change change = entry.change();
        json.writeStartObject();
        json.writeStringField("at", entry.at().toString());
        json.writeStringField("who", change.who());
        json.writeStringField("what", change.what());
        json.writeStringField("subject", change.subject());
        raw("before", change.before(), json);
        raw("after", change.after(), json);
        json.writeEndObject();
    }

    /** As PostgreSQL has it, which keeps nothing there that is not JSON. */
    private static void raw(String name, @Nullable String value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        json.writeRawValue(value == null ? "null" : value);
    }
}

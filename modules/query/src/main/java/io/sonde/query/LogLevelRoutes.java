package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.put;
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
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/log-levels}: how much the node that is asked logs, for holders of an admin token. */
public final class LogLevelRoutes {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final PathMatcher0 LEVELS = segment("api").slash("v1").slash("log-levels");

    private final Access access;
    private final LogLevels levels;
    private final Audit audit;

    public LogLevelRoutes(Access access, LogLevels levels, Audit audit) {
        this.access = access;
        this.levels = levels;
        this.audit = audit;
    }

    public Route routes() {
        return concat(
                path(LEVELS, () -> get(() -> access.require(Scope.ADMIN, grant -> list()))),
                path(
                        LEVELS.slash(segment()),
                        logger -> concat(
                                put(() -> access.require(
                                        Scope.ADMIN, grant -> Body.read(body -> set(grant, logger, body)))),
                                delete(() -> access.require(Scope.ADMIN, grant -> reset(grant, logger))))));
    }

    private Route list() {
        List<LogLevels.Level> all = levels.all();
        return answer(json -> {
            json.writeArrayFieldStart("levels");
            for (LogLevels.Level level : all) {
                json.writeStartObject();
                write(level, json);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private Route set(Grant grant, String logger, Body body) {
        body.allow(Set.of("level", "for"));
        String level = body.text("level").orElse("");
        if (!LogLevels.LEVELS.contains(level)) {
            throw Parameters.invalid("level", level, "one of " + String.join(", ", LogLevels.LEVELS));
        }
        String before = shown(logger);
        LogLevels.Level now =
                levels.set(logger, level, lasts(body), grant.who()).orElseThrow(() -> unknown(logger));
        audit.note(Change.by(grant, "log-level.set", logger, before, Json.object(json -> write(now, json))));
        return answer(json -> write(now, json));
    }

    private Route reset(Grant grant, String logger) {
        String before = shown(logger);
        if (!levels.reset(logger, grant.who())) {
            throw unknown(logger);
        }
        audit.note(Change.by(grant, "log-level.reset", logger, before, shown(logger)));
        return list();
    }

    /** Null when it has that of the one above it. */
    private @Nullable String shown(String logger) {
        return levels.all().stream()
                .filter(level -> level.logger().equals(logger))
                .findFirst()
                .map(level -> Json.object(json -> write(level, json)))
                .orElse(null);
    }

    private static @Nullable Duration lasts(Body body) {
        String text = body.text("for").orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            Duration lasts = Duration.parse("PT" + text);
            if (lasts.toMillis() > 0 && lasts.compareTo(LONGEST) <= 0) {
                return lasts;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw Parameters.invalid("for", text, "a time such as 30s, 10m or 2h");
        }
        throw Parameters.invalid("for", text, "a time from 1s to " + LONGEST.toHours() + "h");
    }

    private static ProblemException unknown(String logger) {
        return new ProblemException(new Problem(
                404,
                "not-found",
                "Not found",
                "There is no logger " + logger + "; one of classes and packages that this node uses, or ROOT, is"
                        + " expected."));
    }

    private static void write(LogLevels.Level level, JsonGenerator json) throws IOException {
        Long untilMs = level.untilMs();
        json.writeStringField("logger", level.logger());
        json.writeStringField("level", level.level());
        json.writeStringField(
                "until", untilMs == null ? null : Instant.ofEpochMilli(untilMs).toString());
    }

    private static Route answer(Json.Members members) {
        return complete(Json.answer(200, members));
    }
}

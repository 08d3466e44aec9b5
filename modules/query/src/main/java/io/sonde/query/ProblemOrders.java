package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Audit;
import io.sonde.core.Audit.Change;
import io.sonde.core.Causes;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.problems.ClusterProblems;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.Silence;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;

/** What people want of problems, by holders of an operate or admin token: taking one on, silencing some for a while. */
public final class ProblemOrders {
    private static final Duration LONGEST_SILENCE = Duration.ofDays(366);
    private static final PathMatcher0 API = segment("api").slash("v1");

    private final Access access;
    private final Kind kind;
    private final ProblemJson shown;
    private final ClusterProblems problems;
    private final Audit audit;
    private final Clock clock;

    public ProblemOrders(Access access, Kind kind, ClusterProblems problems, Audit audit, Clock clock) {
        this.access = access;
        this.kind = kind;
        this.shown = new ProblemJson(kind);
        this.problems = problems;
        this.audit = audit;
        this.clock = clock;
    }

    public Route routes() {
        return concat(
                path(
                        API.slash("incidents").slash(segment()).slash("ack"),
                        incident -> post(() -> order(body -> grant -> acknowledge(grant, incident, body)))),
                path(API.slash("silences"), () -> post(() -> order(body -> grant -> silence(grant, body)))),
                path(
                        API.slash("silences").slash(segment()),
                        id -> delete(() -> access.require(
                                Scope.OPERATE,
                                grant -> answer(
                                        problems.endSilence(grant.tenant(), id),
                                        StatusCodes.OK.intValue(),
                                        Change.by(grant, "silence.end", id, null, null))))));
    }

    private Route order(Function<Body, Function<Grant, Route>> by) {
        return access.require(
                Scope.OPERATE, grant -> Body.read(body -> by.apply(body).apply(grant)));
    }

    private Route acknowledge(Grant grant, String incident, Body body) {
        body.allow(Set.of("by", "note"));
        var ack = new Ack(body.text("by").orElse(grant.who()), body.text("note").orElse(""), clock.millis());
        return answer(
                problems.acknowledge(grant.tenant(), incident, ack),
                StatusCodes.OK.intValue(),
                Change.by(grant, "incident.acknowledge", incident, null, Json.object(json -> {
                    json.writeStringField("by", ack.by());
                    json.writeStringField("note", ack.note());
                })));
    }

    private Route silence(Grant grant, Body body) {
        body.allow(Set.of("label", kind.sourceField(), "target", "from", "until", "by", "comment"));
        long now = clock.millis();
        long from = body.time("from").orElse(now);
        long until = body.time("until").orElseThrow(() -> Parameters.invalid("until", "", "when the silence ends"));
        if (until <= Math.max(from, now) || until - from > LONGEST_SILENCE.toMillis()) {
            throw Parameters.invalid(
                    "until",
                    body.text("until").orElse(""),
                    "a time that is yet to come, after from and at most 366 days after it");
        }
        var silence = new Silence(
                UUID.randomUUID().toString(),
                grant.tenant(),
                body.text("label").orElse(null),
                body.text(kind.sourceField()).orElse(null),
                body.text("target").orElse(null),
                from,
                until,
                body.text("by").orElse(grant.who()),
                body.text("comment").orElse(""));
        return answer(
                problems.silence(silence),
                StatusCodes.CREATED.intValue(),
                Change.by(
                        grant, "silence.make", silence.id(), null, Json.object(json -> shown.members(silence, json))));
    }

    private Route answer(CompletionStage<String> done, int status, Change change) {
        CompletionStage<String> known = done.exceptionally(failure -> {
            Throwable cause = Causes.of(failure);
            throw cause instanceof StatusReply.ErrorMessage unknown
                    ? new ProblemException(new Problem(404, "not-found", "Not found", unknown.getMessage() + "."))
                    : new CompletionException(cause);
        });
        return onSuccess(known, id -> {
            audit.note(change);
            return complete(Json.answer(status, json -> json.writeStringField("id", id)));
        });
    }
}

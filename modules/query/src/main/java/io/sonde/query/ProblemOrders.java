package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.extractStrictEntity;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

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
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;

/** What people want of problems, by holders of an operate or admin token: taking one on, silencing some for a while. */
public final class ProblemOrders {
    private static final int LONGEST_BODY = 64 * 1024;
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_SILENCE = Duration.ofDays(366);
    private static final PathMatcher0 API = segment("api").slash("v1");

    private final Access access;
    private final Kind kind;
    private final ClusterProblems problems;
    private final Clock clock;

    public ProblemOrders(Access access, Kind kind, ClusterProblems problems, Clock clock) {
        this.access = access;
        this.kind = kind;
        this.problems = problems;
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
                                grant -> answer(problems.endSilence(grant.tenant(), id), StatusCodes.OK.intValue())))));
    }

    private Route order(Function<Body, Function<Grant, Route>> by) {
        return access.require(
                Scope.OPERATE,
                grant -> extractStrictEntity(BODY_TIMEOUT, LONGEST_BODY, entity -> by.apply(
                                Body.parse(entity.getData().utf8String()))
                        .apply(grant)));
    }

    private Route acknowledge(Grant grant, String incident, Body body) {
        body.allow(Set.of("by", "note"));
        var ack = new Ack(
                body.text("by").orElse(grant.tokenId()), body.text("note").orElse(""), clock.millis());
        return answer(problems.acknowledge(grant.tenant(), incident, ack), StatusCodes.OK.intValue());
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
        return answer(
                problems.silence(new Silence(
                        UUID.randomUUID().toString(),
                        grant.tenant(),
                        body.text("label").orElse(null),
                        body.text(kind.sourceField()).orElse(null),
                        body.text("target").orElse(null),
                        from,
                        until,
                        body.text("by").orElse(grant.tokenId()),
                        body.text("comment").orElse(""))),
                StatusCodes.CREATED.intValue());
    }

    private static Route answer(CompletionStage<String> done, int status) {
        CompletionStage<String> known = done.exceptionally(failure -> {
            Throwable cause = Causes.of(failure);
            throw cause instanceof StatusReply.ErrorMessage unknown
                    ? new ProblemException(new Problem(404, "not-found", "Not found", unknown.getMessage() + "."))
                    : new CompletionException(cause);
        });
        return onSuccess(
                known,
                id -> complete(HttpResponse.create()
                        .withStatus(status)
                        .withEntity(
                                ContentTypes.APPLICATION_JSON, Json.object(json -> json.writeStringField("id", id)))));
    }
}

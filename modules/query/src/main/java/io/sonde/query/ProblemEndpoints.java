package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.problems.Silence;
import io.sonde.views.Page;
import io.sonde.views.ProblemQuery;
import io.sonde.views.SilenceQuery;
import io.sonde.views.StoredProblem;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /problems}, incidents of one cause with what was told of them, and {@code /silences}. */
final class ProblemEndpoints {
    private static final int LONGEST = 100;

    private final Kind kind;
    private final WindowQueries queries;
    private final Clock clock;
    private final ProblemJson problems;

    ProblemEndpoints(Kind kind, WindowQueries queries, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.clock = clock;
        this.problems = new ProblemJson(kind);
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint("problems", filters(), Scope.READ, this::problems),
                new Endpoint("problems/" + Endpoint.ID, Set.of(), Scope.READ, this::problem),
                new Endpoint(
                        "silences",
                        Set.of(kind.sourceField(), "target", "label", "state", "from", "to", "limit", "cursor"),
                        Scope.READ,
                        this::silences));
    }

    Exported<StoredProblem> exported() {
        return new Exported<>(
                "problems",
                filters(),
                ExportColumns.problems(kind),
                (grant, parameters) -> page(query(grant, parameters)),
                (grant, parameters, most) -> queries.count(query(grant, parameters), most));
    }

    private Set<String> filters() {
        return Set.of(kind.sourceField(), "target", "incident", "label", "state", "from", "to", "limit", "cursor");
    }

    private CompletionStage<Json.Members> problems(Grant grant, Parameters parameters) {
        return page(query(grant, parameters)).thenApply(page -> json -> write(page, json));
    }

    private CompletionStage<Page<StoredProblem, String>> page(ProblemQuery query) {
        return queries.problems(query)
                .thenApply(page -> page.goingOn(
                        last -> next("problems", query.fromMs(), query.toMs(), last.startedMs(), last.id())));
    }

    private ProblemQuery query(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("problems", 4);
        Span span = Span.ofAll(parameters, cursor);
        return new ProblemQuery(
                grant.tenant(),
                kind.name(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null),
                parameters.text("incident", LONGEST).orElse(null),
                parameters.text("label", LONGEST).orElse(null),
                parameters.text("state", LONGEST).map(ProblemEndpoints::isOpen).orElse(null),
                span.fromMs(),
                span.toMs(),
                cursor.map(last -> new ProblemQuery.Key(last.valid(2), last.part(3)))
                        .orElse(null),
                parameters.limit());
    }

    private CompletionStage<Json.Members> problem(Grant grant, Parameters parameters) {
        String id = parameters.required("id", LONGEST);
        return queries.problem(grant.tenant(), kind.name(), id).thenApply(found -> {
            StoredProblem problem = found.orElseThrow(() -> new ProblemException(new Problem(
                    404,
                    "not-found",
                    "Not found",
                    "There is no problem with this id; GET /api/v1/problems lists them.")));
            return json -> problems.members(problem, json);
        });
    }

    private CompletionStage<Json.Members> silences(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("silences", 4);
        Span span = Span.ofAll(parameters, cursor);
        SilenceQuery query = new SilenceQuery(
                grant.tenant(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null),
                parameters.text("label", LONGEST).orElse(null),
                parameters
                        .text("state", LONGEST)
                        .map(ProblemEndpoints::silenceState)
                        .orElse(SilenceQuery.State.ACTIVE_OR_PENDING),
                span.fromMs(),
                span.toMs(),
                clock.millis(),
                cursor.map(last -> new SilenceQuery.Key(last.valid(2), last.part(3)))
                        .orElse(null),
                parameters.limit());
        return queries.silences(query).thenApply(page -> json -> {
            json.writeArrayFieldStart("silences");
            for (Silence silence : page.items()) {
                problems.write(silence, json);
            }
            json.writeEndArray();
            SilenceQuery.Key last = page.last();
            if (last != null) {
                json.writeStringField("next", next("silences", span.fromMs(), span.toMs(), last.untilMs(), last.id()));
            }
        });
    }

    private void write(Page<StoredProblem, String> page, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("problems");
        for (StoredProblem problem : page.items()) {
            problems.write(problem, json);
        }
        json.writeEndArray();
        String next = page.last();
        if (next != null) {
            json.writeStringField("next", next);
        }
    }

    private static String next(String list, long fromMs, long toMs, long ms, String id) {
        return new Cursor(list, List.of(Long.toString(fromMs), Long.toString(toMs), Long.toString(ms), id)).text();
    }

    private static Boolean isOpen(String state) {
        return switch (state) {
            case "open" -> true;
            case "ended" -> false;
            default -> throw Parameters.invalid("state", state, "open or ended");
        };
    }

    private static SilenceQuery.State silenceState(String state) {
        return switch (state) {
            case "active" -> SilenceQuery.State.ACTIVE;
            case "pending" -> SilenceQuery.State.PENDING;
            case "expired" -> SilenceQuery.State.EXPIRED;
            case "any" -> SilenceQuery.State.ANY;
            default -> throw Parameters.invalid("state", state, "active, pending, expired or any");
        };
    }
}

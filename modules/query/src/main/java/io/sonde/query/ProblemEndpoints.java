package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import io.sonde.problems.Silence;
import io.sonde.views.Page;
import io.sonde.views.ProblemQuery;
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
                new Endpoint(
                        "problems",
                        Set.of(
                                kind.sourceField(),
                                "target",
                                "incident",
                                "label",
                                "state",
                                "from",
                                "to",
                                "limit",
                                "cursor"),
                        Scope.READ,
                        this::problems),
                new Endpoint("silences", Set.of(), Scope.READ, this::silences));
    }

    private CompletionStage<Json.Members> problems(Grant grant, Parameters parameters) {
        Optional<Cursor> cursor = parameters.cursor("problems", 4);
        Span span = Span.ofAll(parameters, cursor);
        ProblemQuery query = new ProblemQuery(
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
        return queries.problems(query).thenApply(page -> json -> write(page, span, json));
    }

    private CompletionStage<Json.Members> silences(Grant grant, Parameters parameters) {
        return queries.silences(grant.tenant(), clock.millis()).thenApply(found -> json -> {
            json.writeArrayFieldStart("silences");
            for (Silence silence : found) {
                problems.write(silence, json);
            }
            json.writeEndArray();
        });
    }

    private void write(Page<StoredProblem, ProblemQuery.Key> page, Span span, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("problems");
        for (StoredProblem problem : page.items()) {
            problems.write(problem, json);
        }
        json.writeEndArray();
        ProblemQuery.Key last = page.last();
        if (last != null) {
            json.writeStringField(
                    "next",
                    new Cursor(
                                    "problems",
                                    List.of(
                                            Long.toString(span.fromMs()),
                                            Long.toString(span.toMs()),
                                            Long.toString(last.startedMs()),
                                            last.id()))
                            .text());
        }
    }

    private static Boolean isOpen(String state) {
        return switch (state) {
            case "open" -> true;
            case "ended" -> false;
            default -> throw Parameters.invalid("state", state, "open or ended");
        };
    }
}

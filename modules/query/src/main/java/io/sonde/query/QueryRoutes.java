package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.getFromResource;
import static org.apache.pekko.http.javadsl.server.Directives.onComplete;
import static org.apache.pekko.http.javadsl.server.Directives.parameterMultiMap;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.separateOnSlashes;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Accounts;
import io.sonde.core.Causes;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.OpenWindows;
import io.sonde.core.Scope;
import io.sonde.core.Unavailable;
import io.sonde.core.Watermark;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.edge.Problems;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;
import scala.util.Try;

/** {@code GET /api/v1/…}: everything that can be asked, by holders of a read token and within their tenant. */
public final class QueryRoutes {
    /** A row is stored at most this long after the event that changes its window was acknowledged. */
    static final long ROW_FOLLOWS_WITHIN_MS = 10_000;

    static final int LONGEST_SOURCE = 255;
    static final int LONGEST_TARGET = 2_048;

    private final Access access;
    private final List<Endpoint> endpoints;
    private final ExportRoutes exports;

    /** @param watermark tells when a window can change no more */
    public QueryRoutes(
            Access access,
            Kind kind,
            WindowQueries queries,
            OpenWindows open,
            Watermark watermark,
            Counters counters,
            Clock clock) {
        this.access = access;
        var windows = new WindowEndpoints(kind, queries, open, watermark, clock);
        var catalogue = new CatalogueEndpoints(kind, queries, clock);
        var diagnoses = new DiagnosisEndpoints(kind, queries);
        var problems = new ProblemEndpoints(kind, queries, clock);
        endpoints = new ArrayList<>(windows.all());
        endpoints.add(new DistributionEndpoint(kind, queries, clock).get());
        endpoints.add(new OverviewEndpoint(kind, queries, clock).get());
        endpoints.add(new WorstEndpoint(kind, queries, clock).get());
        endpoints.addAll(catalogue.all());
        endpoints.addAll(diagnoses.all());
        endpoints.addAll(problems.all());
        endpoints.add(new UpkeepEndpoint(queries).get());
        // They are of the node, so of all its tenants.
        endpoints.add(new Endpoint("counters", Set.of(), Scope.ADMIN, (grant, parameters) -> counts(counters)));
        List<Exported<?>> exported = new ArrayList<>(List.of(
                windows.exported(), diagnoses.exportedIncidents(), diagnoses.exportedDiagnoses(), problems.exported()));
        exported.addAll(catalogue.exported());
        exports = new ExportRoutes(access, exported, clock);
    }

    public Route routes() {
        return concat(
                path(segment("api").slash("openapi.json"), () -> get(() -> getFromResource("openapi.json"))),
                Stream.concat(Stream.of(exports.route()), endpoints.stream().map(this::route))
                        .toArray(Route[]::new));
    }

    /** What the routes are made of, for the check against the document. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    ExportRoutes exports() {
        return exports;
    }

    private Route route(Endpoint endpoint) {
        PathMatcher0 api = segment("api").slash("v1");
        String fixed = endpoint.path().replace("/" + Endpoint.ID, "");
        return fixed.equals(endpoint.path())
                ? path(api.slash(separateOnSlashes(fixed)), () -> route(endpoint, UnaryOperator.identity()))
                : path(
                        api.slash(separateOnSlashes(fixed)).slash(segment()),
                        id -> route(endpoint, parameters -> parameters.with("id", id)));
    }

    private Route route(Endpoint endpoint, UnaryOperator<Parameters> more) {
        return get(() -> access.require(
                endpoint.scope(),
                grant -> parameterMultiMap(
                        given -> answer(endpoint, grant, more.apply(new Parameters(given, endpoint.parameters()))))));
    }

    private static Route answer(Endpoint endpoint, Grant grant, Parameters parameters) {
        return onComplete(endpoint.answer().to(grant, parameters), QueryRoutes::finish);
    }

    private static Route finish(Try<Json.Members> answer) {
        return answer.isSuccess()
                ? complete(HttpResponse.create()
                        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.object(answer.get()))))
                : failed(answer.failed().get());
    }

    /** What cannot be answered now is said in our words: they tell how to ask for less. */
    static Route failed(Throwable failure) {
        Throwable cause = Causes.of(failure);
        if (cause instanceof Unavailable away) {
            return complete(Problems.unavailable(String.valueOf(away.getMessage()), away.retryAfterSeconds()));
        }
        throw new CompletionException(cause);
    }

    private static CompletionStage<Json.Members> counts(Counters counters) {
        Map<String, Long> counts = counters.snapshot();
        return CompletableFuture.completedFuture(json -> {
            json.writeArrayFieldStart("conservation");
            for (Accounts.Balance balance : counters.accounts().balances()) {
                write(balance, json);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("counters");
            for (Map.Entry<String, Long> count : counts.entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
        });
    }

    private static void write(Accounts.Balance balance, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("tenant", balance.tenant());
        json.writeStringField("kind", balance.kind());
        for (Map.Entry<Accounts.Entry, Long> entry : balance.sums().entrySet()) {
            json.writeNumberField(entry.getKey().code(), entry.getValue());
        }
        json.writeNumberField("under_way", balance.underWay());
        json.writeEndObject();
    }
}

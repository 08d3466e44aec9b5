package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.getFromResource;
import static org.apache.pekko.http.javadsl.server.Directives.onComplete;
import static org.apache.pekko.http.javadsl.server.Directives.parameterMultiMap;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

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
        endpoints = new ArrayList<>(new WindowEndpoints(kind, queries, open, watermark, clock).all());
        endpoints.add(new WorstEndpoint(kind, queries, clock).get());
        endpoints.addAll(new CatalogueEndpoints(kind, queries).all());
        endpoints.addAll(new DiagnosisEndpoints(kind, queries).all());
        endpoints.addAll(new ProblemEndpoints(kind, queries, clock).all());
        endpoints.add(new UpkeepEndpoint(queries).get());
        // They are of the node, so of all its tenants.
        endpoints.add(new Endpoint("counters", Set.of(), Scope.ADMIN, (grant, parameters) -> counts(counters)));
    }

    public Route routes() {
        return concat(
                path(segment("api").slash("openapi.json"), () -> get(() -> getFromResource("openapi.json"))),
                endpoints.stream().map(this::route).toArray(Route[]::new));
    }

    /** What the routes are made of, for the check against the document. */
    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private Route route(Endpoint endpoint) {
        PathMatcher0 api = segment("api").slash("v1");
        String fixed = endpoint.path().replace("/" + Endpoint.ID, "");
        return fixed.equals(endpoint.path())
                ? path(api.slash(fixed), () -> route(endpoint, UnaryOperator.identity()))
                : path(
                        api.slash(fixed).slash(segment()),
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

    /** What cannot be answered now is said in our words: they tell how to ask for less. */
    private static Route finish(Try<Json.Members> answer) {
        if (answer.isSuccess()) {
            return complete(HttpResponse.create()
                    .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.object(answer.get()))));
        }
        Throwable cause = Causes.of(answer.failed().get());
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

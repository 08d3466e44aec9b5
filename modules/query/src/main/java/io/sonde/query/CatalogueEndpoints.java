package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Json;
import io.sonde.views.Listed;
import io.sonde.views.NameQuery;
import io.sonde.views.Page;
import io.sonde.views.SeriesFilter;
import io.sonde.views.SeriesQuery;
import io.sonde.views.WindowQueries;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** {@code /series}, {@code /clients} and {@code /targets}: what there is to ask for, in the order of code points. */
final class CatalogueEndpoints {
    private final Kind kind;
    private final WindowQueries queries;

    CatalogueEndpoints(Kind kind, WindowQueries queries) {
        this.kind = kind;
        this.queries = queries;
    }

    List<Endpoint> all() {
        Set<String> byName = Set.of("prefix", "contains", "limit", "cursor");
        return List.of(
                new Endpoint(
                        "series", Set.of(kind.sourceField(), "target", "limit", "cursor"), Scope.READ, this::series),
                new Endpoint("clients", byName, Scope.READ, this::clients),
                new Endpoint("targets", byName, Scope.READ, this::targets));
    }

    private CompletionStage<Json.Members> series(Grant grant, Parameters parameters) {
        return queries.series(seriesQuery(grant, parameters)).thenApply(page -> json -> {
            json.writeArrayFieldStart("series");
            for (Listed.Series one : page.items()) {
                json.writeStartObject();
                json.writeStringField(kind.sourceField(), one.source());
                json.writeStringField("target", one.target());
                times(one.firstWindowMs(), one.lastWindowMs(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            SeriesQuery.Key last = page.last();
            if (last != null) {
                json.writeStringField("next", new Cursor("series", List.of(last.source(), last.target())).text());
            }
        });
    }

    private SeriesQuery seriesQuery(Grant grant, Parameters parameters) {
        SeriesFilter filter = new SeriesFilter(
                grant.tenant(),
                kind.name(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null));
        SeriesQuery.Key after = parameters
                .cursor("series", 2)
                .map(cursor -> new SeriesQuery.Key(cursor.part(0), cursor.part(1)))
                .orElse(null);
        return new SeriesQuery(filter, after, parameters.limit());
    }

    private CompletionStage<Json.Members> clients(Grant grant, Parameters parameters) {
        return queries.sources(names(grant, parameters, "clients")).thenApply(page -> json -> {
            json.writeArrayFieldStart("clients");
            for (Listed.Source one : page.items()) {
                json.writeStartObject();
                json.writeStringField(kind.sourceField(), one.source());
                json.writeObjectFieldStart("attributes");
                for (Map.Entry<String, String> attribute : new TreeMap<>(one.attributes()).entrySet()) {
                    json.writeStringField(attribute.getKey(), attribute.getValue());
                }
                json.writeEndObject();
                json.writeNumberField("series_count", one.series());
                times(one.firstWindowMs(), one.lastWindowMs(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            next("clients", page, json);
        });
    }

    private CompletionStage<Json.Members> targets(Grant grant, Parameters parameters) {
        return queries.targets(names(grant, parameters, "targets")).thenApply(page -> json -> {
            json.writeArrayFieldStart("targets");
            for (Listed.Target one : page.items()) {
                json.writeStartObject();
                json.writeStringField("target", one.target());
                json.writeNumberField("client_count", one.sources());
                times(one.firstWindowMs(), one.lastWindowMs(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            next("targets", page, json);
        });
    }

    private NameQuery names(Grant grant, Parameters parameters, String list) {
        return new NameQuery(
                grant.tenant(),
                kind.name(),
                parameters.text("prefix", QueryRoutes.LONGEST_TARGET).orElse(""),
                parameters.text("contains", QueryRoutes.LONGEST_TARGET).orElse(""),
                parameters.cursor(list, 1).map(cursor -> cursor.part(0)).orElse(""),
                parameters.limit());
    }

    private static void next(String list, Page<?, String> page, JsonGenerator json) throws IOException {
        String last = page.last();
        if (last != null) {
            json.writeStringField("next", new Cursor(list, List.of(last)).text());
        }
    }

    private static void times(long firstMs, long lastMs, JsonGenerator json) throws IOException {
        json.writeStringField("first_window_ts", Instant.ofEpochMilli(firstMs).toString());
        json.writeStringField("last_window_ts", Instant.ofEpochMilli(lastMs).toString());
    }
}

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
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** {@code /series}, {@code /clients} and {@code /targets}: what there is to ask for, and how it is. */
final class CatalogueEndpoints {
    private static final Set<String> BY_NAME = Set.of("prefix", "contains", "status", "sort", "limit", "cursor");

    private final Kind kind;
    private final WindowQueries queries;
    private final Clock clock;

    CatalogueEndpoints(Kind kind, WindowQueries queries, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.clock = clock;
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint("series", ofSeries(), Scope.READ, this::series),
                new Endpoint("clients", BY_NAME, Scope.READ, this::clients),
                new Endpoint("targets", BY_NAME, Scope.READ, this::targets));
    }

    List<Exported<?>> exported() {
        return List.of(
                new Exported<>(
                        "series",
                        ofSeries(),
                        ExportColumns.series(kind),
                        (grant, parameters) -> page(seriesQuery(grant, parameters)),
                        (grant, parameters, most) -> queries.count(seriesQuery(grant, parameters), most)),
                new Exported<>(
                        "clients",
                        BY_NAME,
                        ExportColumns.clients(kind),
                        (grant, parameters) -> sources(names(grant, parameters, "clients")),
                        (grant, parameters, most) -> queries.countSources(names(grant, parameters, "clients"), most)),
                new Exported<>(
                        "targets",
                        BY_NAME,
                        ExportColumns.targets(),
                        (grant, parameters) -> targets(names(grant, parameters, "targets")),
                        (grant, parameters, most) -> queries.countTargets(names(grant, parameters, "targets"), most)));
    }

    private Set<String> ofSeries() {
        return Set.of(kind.sourceField(), "target", "limit", "cursor");
    }

    private CompletionStage<Json.Members> series(Grant grant, Parameters parameters) {
        return page(seriesQuery(grant, parameters)).thenApply(page -> json -> {
            json.writeArrayFieldStart("series");
            for (Listed.Series one : page.items()) {
                json.writeStartObject();
                json.writeStringField(kind.sourceField(), one.source());
                json.writeStringField("target", one.target());
                times(one.firstWindowMs(), one.lastWindowMs(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            next(page, json);
        });
    }

    private CompletionStage<Page<Listed.Series, String>> page(SeriesQuery query) {
        return queries.series(query)
                .thenApply(page ->
                        page.goingOn(last -> new Cursor("series", List.of(last.source(), last.target())).text()));
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
        return sources(names(grant, parameters, "clients")).thenApply(page -> json -> {
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
                condition(one.condition(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            next(page, json);
        });
    }

    private CompletionStage<Page<Listed.Source, String>> sources(NameQuery query) {
        return queries.sources(query).thenApply(page -> page.goingOn(last -> next("clients", query, last)));
    }

    private CompletionStage<Json.Members> targets(Grant grant, Parameters parameters) {
        return targets(names(grant, parameters, "targets")).thenApply(page -> json -> {
            json.writeArrayFieldStart("targets");
            for (Listed.Target one : page.items()) {
                json.writeStartObject();
                json.writeStringField("target", one.target());
                json.writeNumberField("client_count", one.sources());
                times(one.firstWindowMs(), one.lastWindowMs(), json);
                condition(one.condition(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            next(page, json);
        });
    }

    private CompletionStage<Page<Listed.Target, String>> targets(NameQuery query) {
        return queries.targets(query).thenApply(page -> page.goingOn(last -> next("targets", query, last)));
    }

    private NameQuery names(Grant grant, Parameters parameters, String list) {
        NameQuery.Order order = parameters
                .word("sort", NameQuery.Order::of, NameQuery.Order.codes())
                .orElse(NameQuery.Order.NAME);
        Optional<Cursor> cursor = parameters.cursor(list + order.code(), 5);
        return new NameQuery(
                grant.tenant(),
                kind.name(),
                parameters.text("prefix", QueryRoutes.LONGEST_TARGET).orElse(""),
                parameters.text("contains", QueryRoutes.LONGEST_TARGET).orElse(""),
                parameters
                        .word("status", NameQuery.Status::of, NameQuery.Status.codes())
                        .orElse(null),
                order,
                cursor.map(last -> last.valid(0)).orElse(clock.millis()),
                cursor.map(last -> key(last)).orElse(null),
                parameters.limit());
    }

    private static NameQuery.Key key(Cursor last) {
        NameQuery.Status status = NameQuery.Status.of(last.part(3))
                .orElseThrow(() -> Parameters.invalid("cursor", last.text(), "a next as it was answered"));
        return new NameQuery.Key(last.part(1), last.valid(2), status, last.valid(4));
    }

    /** Holds the time by which a name is silent: by that of the next page another would be. */
    private static String next(String list, NameQuery query, NameQuery.Key last) {
        return new Cursor(
                        list + query.order().code(),
                        List.of(
                                Long.toString(query.nowMs()),
                                last.name(),
                                Long.toString(last.lastWindowMs()),
                                last.status().code(),
                                Long.toString(last.incidents())))
                .text();
    }

    private static void next(Page<?, String> page, JsonGenerator json) throws IOException {
        String next = page.last();
        if (next != null) {
            json.writeStringField("next", next);
        }
    }

    private static void times(long firstMs, long lastMs, JsonGenerator json) throws IOException {
        json.writeStringField("first_window_ts", Instant.ofEpochMilli(firstMs).toString());
        json.writeStringField("last_window_ts", Instant.ofEpochMilli(lastMs).toString());
    }

    private static void condition(Listed.Condition condition, JsonGenerator json) throws IOException {
        json.writeStringField("status", condition.status().code());
        json.writeNumberField("open_incidents", condition.incidents());
        json.writeStringField("worst_label", condition.worst());
        json.writeArrayFieldStart("open_labels");
        for (String label : condition.labels()) {
            json.writeString(label);
        }
        json.writeEndArray();
    }
}

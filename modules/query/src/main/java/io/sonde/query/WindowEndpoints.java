package io.sonde.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.OpenWindows;
import io.sonde.core.Scope;
import io.sonde.core.SeriesId;
import io.sonde.core.Watermark;
import io.sonde.core.WindowAggregate;
import io.sonde.edge.Json;
import io.sonde.views.Diagnosis;
import io.sonde.views.Page;
import io.sonde.views.Position;
import io.sonde.views.Resolution;
import io.sonde.views.SeriesFilter;
import io.sonde.views.WindowQueries;
import io.sonde.views.WindowQuery;
import io.sonde.views.WindowRow;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code /windows}, closed and stored, and {@code /live}, open and asked of whoever counts them. */
final class WindowEndpoints {
    private static final String CURSOR_OF = "windows";

    private final Kind kind;
    private final WindowQueries queries;
    private final OpenWindows open;
    private final Watermark watermark;
    private final Clock clock;
    private final WindowJson window;

    WindowEndpoints(Kind kind, WindowQueries queries, OpenWindows open, Watermark watermark, Clock clock) {
        this.kind = kind;
        this.queries = queries;
        this.open = open;
        this.watermark = watermark;
        this.clock = clock;
        this.window = new WindowJson(kind);
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint("windows", filters(), Scope.READ, this::windows),
                new Endpoint("live", Set.of(kind.sourceField(), "target"), Scope.READ, this::live));
    }

    Exported<WindowRow> exported() {
        return new Exported<>(
                "windows",
                filters(),
                ExportColumns.windows(kind),
                (grant, parameters) -> page(query(grant, parameters)),
                (grant, parameters, most) -> queries.count(query(grant, parameters), most));
    }

    private Set<String> filters() {
        return Set.of(kind.sourceField(), "target", "from", "to", "resolution", "limit", "cursor");
    }

    private CompletionStage<Json.Members> windows(Grant grant, Parameters parameters) {
        WindowQuery query = query(grant, parameters);
        return page(query).thenApply(page -> json -> write(query.resolution(), page, json));
    }

    private CompletionStage<Page<WindowRow, String>> page(WindowQuery query) {
        return queries.windows(query).thenApply(page -> page.goingOn(last -> next(query, last)));
    }

    private CompletionStage<Json.Members> live(Grant grant, Parameters parameters) {
        SeriesId series = new SeriesId(
                grant.tenant(),
                kind.name(),
                parameters.required(kind.sourceField(), QueryRoutes.LONGEST_SOURCE),
                parameters.required("target", QueryRoutes.LONGEST_TARGET));
        return open(series).thenApply(windows -> json -> write(series, windows, json));
    }

    /** Only of a source that is known: asking for any other would start whoever counts its windows, to find none. */
    private CompletionStage<List<WindowAggregate>> open(SeriesId series) {
        return queries.isJournalled(series.sourceId(kind.buckets()))
                .thenCompose(known ->
                        known ? open.of(series) : CompletableFuture.<List<WindowAggregate>>completedFuture(List.of()));
    }

    private WindowQuery query(Grant grant, Parameters parameters) {
        Resolution resolution = parameters
                .word("resolution", Resolution::of, Resolution.codes())
                .orElse(Resolution.MINUTE);
        SeriesFilter series = new SeriesFilter(
                grant.tenant(),
                kind.name(),
                parameters.text(kind.sourceField(), QueryRoutes.LONGEST_SOURCE).orElse(null),
                parameters.text("target", QueryRoutes.LONGEST_TARGET).orElse(null));
        Optional<Cursor> cursor = parameters.cursor(CURSOR_OF + resolution.code(), 4);
        if (cursor.isPresent()) {
            return goingOn(series, resolution, cursor.get(), parameters.limit());
        }
        Span span = Span.of(parameters, resolution, clock.millis());
        return new WindowQuery(series, resolution, span.fromMs(), span.toMs(), null, parameters.limit());
    }

    private static WindowQuery goingOn(SeriesFilter series, Resolution resolution, Cursor cursor, int limit) {
        try {
            Position last = new Position(cursor.number(2), cursor.number(3));
            return new WindowQuery(series, resolution, cursor.number(0), cursor.number(1), last, limit);
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid("cursor", cursor.text(), "a next as it was answered");
        }
    }

    private void write(Resolution resolution, Page<WindowRow, String> page, JsonGenerator json) throws IOException {
        long watermarkMs = watermark.watermarkMs();
        json.writeArrayFieldStart("windows");
        for (WindowRow row : page.items()) {
            window.write(
                    row.aggregate(),
                    new WindowJson.Circumstances(
                            row.source(),
                            resolution,
                            WindowJson.sealed(row.aggregate().startMs(), resolution, watermarkMs),
                            row.diagnosis(),
                            Instant.ofEpochMilli(row.updatedMs())),
                    json);
        }
        json.writeEndArray();
        String next = page.last();
        if (next != null) {
            json.writeStringField("next", next);
        }
    }

    /** Holds the time that was asked for: now is later on the next page. */
    private static String next(WindowQuery query, Position last) {
        return new Cursor(
                        CURSOR_OF + query.resolution().code(),
                        List.of(
                                Long.toString(query.fromMs()),
                                Long.toString(query.toMs()),
                                Long.toString(last.seriesId()),
                                Long.toString(last.startMs())))
                .text();
    }

    private void write(SeriesId series, List<WindowAggregate> windows, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("windows");
        for (WindowAggregate one : windows) {
            window.write(
                    one,
                    new WindowJson.Circumstances(series.source(), Resolution.MINUTE, false, Diagnosis.NONE, null),
                    json);
        }
        json.writeEndArray();
    }
}

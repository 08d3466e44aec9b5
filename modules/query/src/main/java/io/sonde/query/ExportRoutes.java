package io.sonde.query;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onComplete;
import static org.apache.pekko.http.javadsl.server.Directives.parameterMultiMap;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.query.export.Format;
import io.sonde.query.export.TableFile;
import io.sonde.views.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code GET /api/v1/export}: a list as a file. It is asked page by page, the next one when the reader has taken the one before:
 * a slow reader holds up nothing but itself, and for one that has gone nothing more is asked.
 */
final class ExportRoutes {
    static final int MOST_ROWS = 100_000;

    private static final int PAGE = 1_000;
    private static final DateTimeFormatter IN_NAMES =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Access access;
    private final Clock clock;
    private final Map<String, Exported<?>> lists = new LinkedHashMap<>();
    private final Set<String> parameters = new TreeSet<>();

    ExportRoutes(Access access, Collection<Exported<?>> lists, Clock clock) {
        this.access = access;
        this.clock = clock;
        lists.forEach(list -> {
            this.lists.put(list.name(), list);
            parameters.addAll(taken(list));
        });
    }

    Route route() {
        return path(
                segment("api").slash("v1").slash("export"),
                () -> get(() -> access.require(
                        Scope.READ,
                        grant -> parameterMultiMap(given -> onComplete(
                                answer(grant, given),
                                answer -> answer.isSuccess()
                                        ? complete(answer.get())
                                        : QueryRoutes.failed(answer.failed().get()))))));
    }

    /** All it takes behind the {@code ?}, for the check against the document. */
    Set<String> parameters() {
        return Set.copyOf(parameters);
    }

    private CompletionStage<HttpResponse> answer(Grant grant, Map<String, List<String>> given) {
        Parameters any = new Parameters(given, parameters);
        Exported<?> list = any.word("what", what -> Optional.ofNullable(lists.get(what)), List.copyOf(lists.keySet()))
                .orElseThrow(() -> Parameters.invalid("what", "", "one of " + String.join(", ", lists.keySet())));
        Format format = any.word("format", Format::of, Format.codes()).orElse(Format.CSV);
        return answer(list, format, grant, new Parameters(given, taken(list)));
    }

    private <T> CompletionStage<HttpResponse> answer(
            Exported<T> list, Format format, Grant grant, Parameters parameters) {
        Parameters asked = parameters.with("limit", Integer.toString(PAGE));
        String name = name(list, format, asked);
        return list.pages().of(grant, asked).thenCompose(first -> checked(list, grant, asked, first)
                .thenApply(all -> {
                    Source<Page<T, String>, NotUsed> more = Source.unfoldAsync(
                            Optional.ofNullable(all.last()), next -> following(list, grant, asked, next));
                    return HttpResponse.create()
                            .addHeader(ContentDisposition.create(
                                    ContentDispositionTypes.ATTACHMENT, Map.of("filename", name)))
                            .withEntity(HttpEntities.create(
                                    contentType(format),
                                    bytes(list, format, Source.single(all).concatLazy(more))));
                }));
    }

    /** Refuses what has more rows than may be taken away at once, before the first byte of it is sent. */
    private static <T> CompletionStage<Page<T, String>> checked(
            Exported<T> list, Grant grant, Parameters asked, Page<T, String> first) {
        if (first.last() == null) {
            return CompletableFuture.completedFuture(first);
        }
        return list.count().of(grant, asked, MOST_ROWS + 1).thenApply(rows -> {
            if (rows > MOST_ROWS) {
                throw new ProblemException(new Problem(
                        400,
                        "too-many-rows",
                        "Too many rows",
                        "This is more than " + MOST_ROWS + " rows, the most of one file: ask for less time, a coarser"
                                + " resolution or fewer names, or take it away in parts."));
            }
            return first;
        });
    }

    private static <T> CompletionStage<Optional<Pair<Optional<String>, Page<T, String>>>> following(
            Exported<T> list, Grant grant, Parameters asked, Optional<String> cursor) {
        return cursor.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : list.pages()
                        .of(grant, asked.with("cursor", cursor.get()))
                        .thenApply(page -> Optional.of(Pair.create(Optional.ofNullable(page.last()), page)));
    }

    /** One file is made once, for one reader; lazily, or its end would be written before its rows. */
    private static <T> Source<ByteString, NotUsed> bytes(
            Exported<T> list, Format format, Source<Page<T, String>, NotUsed> pages) {
        TableFile<T> file = begin(list, format);
        return pages.map(page -> {
                    for (T row : page.items()) {
                        file.add(row);
                    }
                    return ByteString.fromArray(file.taken());
                })
                .concatLazy(Source.lazySingle(() -> {
                    file.end();
                    return ByteString.fromArray(file.taken());
                }))
                .filter(ByteString::nonEmpty);
    }

    private static <T> TableFile<T> begin(Exported<T> list, Format format) {
        try {
            return format.begin(list.name(), list.columns());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private static Set<String> taken(Exported<?> list) {
        Set<String> taken = new TreeSet<>(list.filters());
        taken.removeAll(Set.of("limit", "cursor"));
        taken.addAll(Set.of("what", "format"));
        return taken;
    }

    /** {@code sonde-windows-1m-20261120T090000Z-20261120T100000Z.csv}: of what was asked only what is safe in a name. */
    private String name(Exported<?> list, Format format, Parameters asked) {
        StringBuilder name = new StringBuilder("sonde-").append(list.name());
        asked.text("resolution", 2).ifPresent(resolution -> name.append('-').append(resolution));
        asked.time("from").ifPresent(from -> name.append('-').append(inNames(from)));
        name.append('-').append(inNames(asked.time("to").orElse(clock.millis())));
        return name.append('.').append(format.code()).toString();
    }

    private static String inNames(long epochMs) {
        return IN_NAMES.format(Instant.ofEpochMilli(epochMs));
    }

    private static ContentType contentType(Format format) {
        return Optional.ofNullable(ContentTypes.parse(format.contentType())).orElseThrow();
    }
}

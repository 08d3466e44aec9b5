package io.sonde.app.probes;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.extractStrictEntity;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.parameterMultiMap;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.Directives.withSizeLimit;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Grant;
import io.sonde.core.Kind;
import io.sonde.core.Scope;
import io.sonde.edge.Access;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import io.sonde.probe.Assignment;
import io.sonde.probe.WrongSettings;
import io.sonde.query.Parameters;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/probes}: which probes there are, and what each is told to measure. */
public final class ProbeRoutes {
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_ID = 255;
    private static final int MOST_LISTED = 200;
    private static final Set<String> PARAMETERS = Set.of("contains", "limit", "cursor");
    private static final PathMatcher0 PROBES = segment("api").slash("v1").slash("probes");

    private final Access access;
    private final Kind kind;
    private final Probes probes;
    private final Clock clock;

    public ProbeRoutes(Access access, Kind kind, Probes probes, Clock clock) {
        this.access = access;
        this.kind = kind;
        this.probes = probes;
        this.clock = clock;
    }

    public Route routes() {
        return concat(
                path(
                        PROBES,
                        () -> get(() -> access.require(
                                Scope.READ,
                                grant -> parameterMultiMap(given -> list(grant, new Parameters(given, PARAMETERS)))))),
                path(
                        PROBES.slash(segment()).slash("config"),
                        id -> concat(
                                get(() -> access.requireAny(
                                        Set.of(Scope.READ, Scope.INGEST),
                                        grant -> extractRequest(request -> read(grant, valid(id), request)))),
                                put(() -> access.require(
                                        Scope.ADMIN,
                                        grant -> extractRequest(request -> change(grant, valid(id), request)))),
                                delete(() -> access.require(
                                        Scope.ADMIN,
                                        grant -> extractRequest(request -> takeAway(grant, valid(id), request)))))));
    }

    private Route list(Grant grant, Parameters parameters) {
        var wanted = new ProbeTable.Wanted(
                grant.tenant(),
                kind.name(),
                parameters.cursor("probes", 1).map(cursor -> cursor.part(0)).orElse(""),
                parameters.text("contains", LONGEST_ID).orElse(""),
                parameters.limit(Parameters.USUAL_LIMIT, MOST_LISTED));
        return onSuccess(
                probes.page(wanted),
                page -> complete(HttpResponse.create()
                        .withEntity(
                                ContentTypes.APPLICATION_JSON,
                                ProbeJson.page(page, wanted.limit(), kind.sourceField(), clock.instant()))));
    }

    /** A probe's token reads what its own client is told, and no other's: targets may be of nobody else's business. */
    private Route read(Grant grant, String id, HttpRequest request) {
        if (!grant.allows(Scope.READ) && !id.equals(grant.source())) {
            return complete(new Problem(
                            403,
                            "foreign-client",
                            "Token of another client",
                            "A probe reads its own configuration with a token that is for its client alone: sonde token"
                                    + " create --scope ingest --client " + id + ".")
                    .response());
        }
        Optional<Probe.Asked> asked = Asking.by(request, clock.instant());
        return onSuccess(
                probes.config(grant.tenant(), id, asked),
                found -> complete(found.map(config -> answer(config, request))
                        .orElseGet(() -> nothing(id).problem().response())));
    }

    private static HttpResponse answer(ProbeConfig config, HttpRequest request) {
        boolean known = header(request, "If-None-Match")
                .filter(marks -> Precondition.names(marks, config.etag()))
                .isPresent();
        HttpResponse answer = known
                ? HttpResponse.create().withStatus(StatusCodes.NOT_MODIFIED)
                : HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, config.json());
        return answer.addHeader(RawHeader.create("ETag", "\"" + config.etag() + "\""))
                .addHeader(RawHeader.create("Sonde-Config-Of", config.of()));
    }

    private Route change(Grant grant, String id, HttpRequest request) {
        return withSizeLimit(
                Assignment.MOST_BYTES,
                () -> extractStrictEntity(BODY_TIMEOUT, entity -> {
                    Assignment wanted = parsed(entity.getData().utf8String());
                    var config =
                            ProbeConfig.of(id, wanted, clock.instant().truncatedTo(ChronoUnit.MICROS), grant.who());
                    return changed(probes.put(grant, config, precondition(request)), id, done -> answer(
                                    config, HttpRequest.create())
                            .withStatus(done.before().isPresent() ? StatusCodes.OK : StatusCodes.CREATED));
                }));
    }

    private Route takeAway(Grant grant, String id, HttpRequest request) {
        return changed(probes.delete(grant, id, precondition(request)), id, done -> {
            if (done.before().isEmpty()) {
                throw nothing(id);
            }
            return HttpResponse.create()
                    .withEntity(
                            ContentTypes.APPLICATION_JSON, done.before().get().json());
        });
    }

    private static Route changed(
            CompletionStage<ProbeConfigTable.Change> change,
            String id,
            Function<ProbeConfigTable.Change, HttpResponse> answer) {
        return onSuccess(change, done -> {
            if (!done.done()) {
                throw new ProblemException(new Problem(
                        412,
                        "changed-meanwhile",
                        "It is not what you have read",
                        "The configuration of " + id + " is "
                                + done.before()
                                        .map(now -> "\"" + now.etag() + "\" by " + now.changedBy())
                                        .orElse("not there")
                                + " now; read it, and change that."));
            }
            return complete(answer.apply(done));
        });
    }

    private static Assignment parsed(String json) {
        try {
            return Assignment.parse(json);
        } catch (WrongSettings e) {
            throw ProbeJson.wrong(e.problems());
        }
    }

    private static String valid(String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
            throw Parameters.invalid("id", id, "a client of 1 to " + LONGEST_ID + " characters, or default");
        }
        return id;
    }

    private static ProblemException nothing(String id) {
        return new ProblemException(new Problem(
                404,
                "no-probe-config",
                "No configuration",
                "Neither " + id + " nor default is told what to measure; PUT one here."));
    }

    private static Precondition precondition(HttpRequest request) {
        return Precondition.of(header(request, "If-Match"), header(request, "If-None-Match"));
    }

    private static Optional<String> header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value);
    }
}

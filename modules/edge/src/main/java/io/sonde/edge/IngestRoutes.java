package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.Causes;
import io.sonde.core.Counters;
import io.sonde.core.Failpoint;
import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Scope;
import io.sonde.core.Signal;
import io.sonde.core.Tracing;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/events}: a probe, or someone for it, reports measurements. Answers 202 once the bus has them all: what
 * that is worth is the bus's promise. When it takes only some, the answer is 503; sending all again counts none twice.
 */
public final class IngestRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(IngestRoutes.class);
    private static final Receipt NOTHING = new Receipt(0, 0, 0, true);

    private final Signal signal;
    private final Recorder bus;
    private final Access access;
    private final Counters counters;
    private final Accounts accounts;
    private final Tracing tracing;
    private final Clock clock;
    private final EdgeSettings settings;
    private final ClientLimits limits;
    private final InFlight inFlight;

    public IngestRoutes(
            Signal signal,
            Recorder bus,
            Access access,
            Counters counters,
            Tracing tracing,
            Clock clock,
            EdgeSettings settings) {
        this(
                signal,
                bus,
                access,
                counters,
                tracing,
                clock,
                settings,
                new ClientLimits(settings.rates(), System::nanoTime, new SecureRandom()));
    }

    IngestRoutes(
            Signal signal,
            Recorder bus,
            Access access,
            Counters counters,
            Tracing tracing,
            Clock clock,
            EdgeSettings settings,
            ClientLimits limits) {
        this.signal = signal;
        this.bus = bus;
        this.access = access;
        this.counters = counters;
        this.accounts = counters.accounts();
        this.tracing = tracing;
        this.clock = clock;
        this.settings = settings;
        this.limits = limits;
        this.inFlight = new InFlight(settings, counters);
    }

    /** Bytes of bodies in hand. */
    public long bytesInFlight() {
        return inFlight.bytes();
    }

    /** Batches that the bus has not answered. */
    public long batchesInFlight() {
        return inFlight.batches();
    }

    public Route route() {
        return route(UnaryOperator.identity());
    }

    /** @param guard decides whether events are taken at all */
    public Route route(UnaryOperator<Route> guard) {
        return path(
                segment("api").slash("v1").slash("events"),
                () -> guard.apply(post(() -> access.require(Scope.INGEST, this::ingest))));
    }

    private Route ingest(Grant grant) {
        return extractRequest(request -> inFlight.hasRoomFor(announced(request))
                ? extractMaterializer(materializer -> completeWithFuture(answer(request, grant, materializer)))
                : Unread.answer(request, inFlight.full("bytes").problem().response()));
    }

    /** 0 where the sender does not say: then it is seen as it comes. */
    private long announced(HttpRequest request) {
        return Math.min(request.entity().getContentLengthOption().orElse(0), settings.maxBodyBytes());
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Grant grant, Materializer materializer) {
        long beganNanos = System.nanoTime();
        InFlight.Share share = inFlight.share(grant);
        return RequestBody.read(request, settings, share, materializer)
                .exceptionally(failure -> {
                    throw charged(failure, grant);
                })
                .thenCompose(body -> take(body, grant, share, request, beganNanos))
                .whenComplete((answer, failure) -> share.close());
    }

    /** What is answered 429 or 503 here was not received, as far as the accounts go. */
    private CompletionStage<HttpResponse> take(
            RequestBody body, Grant grant, InFlight.Share share, HttpRequest request, long beganNanos) {
        long recvTsMs = clock.millis();
        Readings readings = read(body, recvTsMs, grant);
        requireRate(Charges.of(readings, body.bytes().length, grant, settings), grant);
        Intake intake = Intake.of(readings, signal.kind(), grant, limits.targets(grant.tenant()), recvTsMs);
        share.takeBatches(intake.batches().size());
        count(readings);
        count(intake, grant);
        if (intake.isAllForeign()) {
            access.foreignClient();
            return CompletableFuture.completedStage(IngestAnswer.allForeign(intake));
        }
        if (intake.isAllRefused()) {
            return CompletableFuture.completedStage(IngestAnswer.allRefused(intake));
        }
        FollowedRequest followed = FollowedRequest.begin(tracing, request, readings, intake.batches(), beganNanos);
        return followed.ends(record(followed.batches())
                .thenApply(receipt -> answer(receipt, intake.without(receipt.unrecordable(), readings))));
    }

    private static HttpResponse answer(Receipt receipt, Intake intake) {
        Failpoint.BEFORE_ANSWER.pass();
        return intake.isAllRefused() ? IngestAnswer.allRefused(intake) : IngestAnswer.accepted(receipt, intake);
    }

    /** A body that did not become one, which is the sender's doing unless the node is full, is not free. */
    private CompletionException charged(Throwable failure, Grant grant) {
        if (Causes.of(failure) instanceof ProblemException known
                && known.problem().status() < 500) {
            requireRate(Charges.ofTooLarge(grant, settings), grant);
        }
        return new CompletionException(Causes.of(failure));
    }

    private Readings read(RequestBody body, long recvTsMs, Grant grant) {
        try {
            return signal.read(body.bytes(), body.lines(), recvTsMs, settings.maxEvents());
        } catch (MalformedBody e) {
            requireRate(Charges.ofMalformed(e, body.bytes().length, grant, settings), grant);
            throw new ProblemException(
                    e.isTooManyEvents()
                            ? new Problem(413, "too-many-events", "Too many events", String.valueOf(e.getMessage()))
                            : new Problem(
                                    400, "malformed-body", "Body cannot be read", String.valueOf(e.getMessage())));
        }
    }

    /** All that is to be paid, or nothing: what is answered 429 costs no client anything. */
    private void requireRate(Map<String, Integer> charges, Grant grant) {
        long waitNanos = limits.take(grant.tenant(), charges);
        if (waitNanos > 0) {
            counters.increment("edge_rate_limited_total{tenant=\"" + grant.tenant() + "\"}");
            throw new ProblemException(Problems.tooManyRequests(Duration.ofNanos(waitNanos)));
        }
    }

    /** All batches at once: their order means nothing, and each source answers for itself. */
    private CompletionStage<Receipt> record(List<Batch> batches) {
        List<CompletionStage<Receipt>> begun = bus.recordAll(batches);
        CompletionStage<Receipt> all = CompletableFuture.completedStage(NOTHING);
        for (int i = 0; i < begun.size(); i++) {
            all = all.thenCombine(account(batches.get(i), begun.get(i)), Receipt::plus);
        }
        return all;
    }

    private CompletionStage<Receipt> account(Batch batch, CompletionStage<Receipt> recorded) {
        return recorded.whenComplete((receipt, failure) -> {
            if (failure == null) {
                accounts.settle(batch.source(), receipt);
                accounts.add(
                        batch.source(), Entry.REFUSED, receipt.unrecordable().size());
            } else {
                accounts.add(batch.source(), Entry.UNAVAILABLE, batch.samples().size());
            }
        });
    }

    private void count(Readings readings) {
        readings.schemaVersions()
                .forEach((version, n) -> counters.add("edge_schema_versions_total{version=\"" + version + "\"}", n));
        readings.unknownFields().values().forEach(n -> counters.add("edge_unknown_fields_total", n));
    }

    private void count(Intake intake, Grant grant) {
        String kind = signal.kind().name();
        accounts.add(grant.tenant(), kind, Entry.RECEIVED, intake.events());
        accounts.add(grant.tenant(), kind, Entry.LATE, intake.late());
        accounts.add(grant.tenant(), kind, Entry.REFUSED, intake.refused().size());
        if (intake.late() > 0) {
            LOG.debug("{} of {} events came after their window's lateness", intake.late(), intake.events());
        }
        intake.refused().forEach(event -> {
            counters.increment(
                    "edge_refused_events_total{reason=\"" + event.reason().code() + "\"}");
            LOG.debug("refused {}: {} {}", event.eventId(), event.reason(), event.detail());
        });
    }
}

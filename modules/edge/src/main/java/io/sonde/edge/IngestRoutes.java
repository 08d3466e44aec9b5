package io.sonde.edge;

import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.sonde.core.Accounts;
import io.sonde.core.Accounts.Entry;
import io.sonde.core.Batch;
import io.sonde.core.Counters;
import io.sonde.core.Failpoint;
import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Receipt;
import io.sonde.core.Recorder;
import io.sonde.core.Scope;
import io.sonde.core.Signal;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
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
    private final Clock clock;
    private final EdgeSettings settings;

    public IngestRoutes(
            Signal signal, Recorder bus, Access access, Counters counters, Clock clock, EdgeSettings settings) {
        this.signal = signal;
        this.bus = bus;
        this.access = access;
        this.counters = counters;
        this.accounts = counters.accounts();
        this.clock = clock;
        this.settings = settings;
    }

    public Route route() {
        return path(
                segment("api").slash("v1").slash("events"),
                () -> mapResponse(
                        this::count, () -> Problems.seal(post(() -> access.require(Scope.INGEST, this::ingest)))));
    }

    private Route ingest(Grant grant) {
        return extractRequest(request -> extractMaterializer(materializer -> completeWithFuture(
                RequestBody.read(request, settings, materializer).thenCompose(body -> take(body, grant)))));
    }

    private CompletionStage<HttpResponse> take(RequestBody body, Grant grant) {
        long recvTsMs = clock.millis();
        Readings readings = read(body, recvTsMs);
        Intake intake = Intake.of(readings, signal.kind(), grant, recvTsMs);
        count(readings);
        count(intake, grant);
        if (intake.isAllForeign()) {
            access.foreignClient();
            return CompletableFuture.completedStage(IngestAnswer.allForeign(intake));
        }
        if (intake.isAllRefused()) {
            return CompletableFuture.completedStage(IngestAnswer.allRefused(intake));
        }
        return record(intake).thenApply(receipt -> {
            Failpoint.BEFORE_ANSWER.pass();
            return IngestAnswer.accepted(receipt, intake);
        });
    }

    private Readings read(RequestBody body, long recvTsMs) {
        try {
            return signal.read(body.bytes(), body.lines(), recvTsMs, settings.maxEvents());
        } catch (MalformedBody e) {
            throw new ProblemException(
                    e.isTooManyEvents()
                            ? new Problem(413, "too-many-events", "Too many events", String.valueOf(e.getMessage()))
                            : new Problem(
                                    400, "malformed-body", "Body cannot be read", String.valueOf(e.getMessage())));
        }
    }

    /** All batches at once: their order means nothing, and each source answers for itself. */
    private CompletionStage<Receipt> record(Intake intake) {
        return intake.batches().stream()
                .map(this::record)
                .reduce((one, other) -> one.thenCombine(other, Receipt::plus))
                .orElseGet(() -> CompletableFuture.completedStage(NOTHING));
    }

    private CompletionStage<Receipt> record(Batch batch) {
        return bus.record(batch).whenComplete((receipt, failure) -> {
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

    private HttpResponse count(HttpResponse response) {
        counters.increment("edge_requests_total{status=\"" + response.status().intValue() + "\"}");
        return response;
    }
}

package io.sonde.app.node;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import io.sonde.bus.Bus;
import io.sonde.edge.Json;
import io.sonde.views.WindowProjection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /healthz}: the process lives. {@code /readyz}: it can do its work, and if not, what is missing. */
final class Health {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int VALIDATION_SECONDS = 2;
    private static final long GOOD_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Bus bus;
    private final ClockWatch clocks;
    private final boolean busHoldsWithoutDatabase;
    private final Membership membership;
    private final DataSource database;
    private final Executor blocking;
    private @Nullable Asked asked;

    /** @param busHoldsWithoutDatabase true when events can be taken while the database is away */
    Health(
            Bus bus,
            ClockWatch clocks,
            boolean busHoldsWithoutDatabase,
            Membership membership,
            DataSource database,
            Executor blocking) {
        this.bus = bus;
        this.clocks = clocks;
        this.busHoldsWithoutDatabase = busHoldsWithoutDatabase;
        this.membership = membership;
        this.database = database;
        this.blocking = blocking;
    }

    Route route() {
        return get(() -> concat(
                path("healthz", () -> complete(answer(OK, "{\"status\":\"alive\"}"))),
                path("readyz", () -> completeWithFuture(ready()))));
    }

    /** @param projectionsWaitFor whose open transaction keeps them from reading on; empty when nobody's does */
    private record Database(boolean answers, Optional<String> projectionsWaitFor) {}

    /** A question that was put, and its answer once it is there. */
    private record Asked(long atNanos, CompletableFuture<Database> answer) {
        boolean isOld(long nowNanos) {
            return answer.isDone() && nowNanos - atNanos >= GOOD_FOR_NANOS;
        }
    }

    private CompletionStage<HttpResponse> ready() {
        return database().thenApply(found -> {
            boolean databaseAnswers = found.answers();
            boolean up = membership.isUp();
            boolean busReady = bus.isReady();
            boolean ready = up && busReady && clocks.isRight() && (databaseAnswers || busHoldsWithoutDatabase);
            String body = Json.object(json -> {
                json.writeStringField("status", ready ? "ready" : "not ready");
                json.writeBooleanField("database", databaseAnswers);
                json.writeBooleanField("bus", busReady);
                json.writeBooleanField("cluster", up);
                json.writeBooleanField("clock", clocks.isRight());
                json.writeNumberField("clock_ahead_ms", clocks.ahead().toMillis());
                if (found.projectionsWaitFor().isPresent()) {
                    json.writeStringField(
                            "projections_wait_for", found.projectionsWaitFor().get());
                }
            });
            return answer(ready ? OK : UNAVAILABLE, body);
        });
    }

    /** Anybody may ask, without a token: a database that hangs must not be asked by each of them. */
    private synchronized CompletionStage<Database> database() {
        long now = System.nanoTime();
        Asked last = asked;
        if (last == null || last.isOld(now)) {
            last = new Asked(now, CompletableFuture.supplyAsync(this::askDatabase, blocking));
            asked = last;
        }
        return last.answer();
    }

    private Database askDatabase() {
        try (Connection connection = database.getConnection()) {
            boolean answers = connection.isValid(VALIDATION_SECONDS);
            return new Database(answers, answers ? WindowProjection.heldUpBy(connection) : Optional.empty());
        } catch (SQLException | RuntimeException away) {
            return new Database(false, Optional.empty());
        }
    }

    private static HttpResponse answer(int status, String json) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json));
    }
}

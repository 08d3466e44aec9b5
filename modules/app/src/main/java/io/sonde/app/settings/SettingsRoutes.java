package io.sonde.app.settings;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractStrictEntity;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import io.sonde.core.Signal;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.edge.Access;
import io.sonde.edge.Json;
import io.sonde.views.WindowQueries;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/settings}: what holds on the node that is asked, and the thresholds that hold on all of them. */
public final class SettingsRoutes {
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_BODY = 64 * 1024;
    private static final PathMatcher0 SETTINGS = segment("api").slash("v1").slash("settings");
    private static final PathMatcher0 THRESHOLDS = SETTINGS.slash("thresholds");

    private final Access access;
    private final Signal signal;
    private final Adjustable settings;
    private final ThresholdTable table;
    private final ThresholdPreview preview;
    private final Executor blocking;
    private final Clock clock;
    private final Config defaults = ConfigFactory.defaultReferenceUnresolved()
            .withFallback(ConfigFactory.parseResourcesAnySyntax("node"))
            .resolve();

    public SettingsRoutes(
            Access access,
            Signal signal,
            Adjustable settings,
            ThresholdTable table,
            WindowQueries queries,
            Executor blocking,
            Clock clock) {
        this.access = access;
        this.signal = signal;
        this.settings = settings;
        this.table = table;
        this.preview = new ThresholdPreview(queries, clock);
        this.blocking = blocking;
        this.clock = clock;
    }

    public Route routes() {
        return concat(
                path(SETTINGS, () -> get(() -> access.require(Scope.ADMIN, grant -> list()))),
                path(THRESHOLDS, () -> put(() -> order(this::change))),
                path(THRESHOLDS.slash("preview"), () -> post(() -> order(this::preview))));
    }

    private Route order(Function<Grant, Function<List<SetThreshold>, Route>> by) {
        return access.require(
                Scope.ADMIN,
                grant -> extractStrictEntity(BODY_TIMEOUT, LONGEST_BODY, entity -> by.apply(grant)
                        .apply(ThresholdOrder.parse(
                                entity.getData().utf8String(), settings.effective(), clock.instant(), grant.who()))));
    }

    private Route list() {
        return onSuccess(
                ask(),
                all -> complete(Json.answer(
                        200,
                        SettingsJson.all(
                                Effective.all(settings.effective(), defaults),
                                Effective.all(settings.with(List.of()), defaults),
                                all))));
    }

    private Function<List<SetThreshold>, Route> change(Grant grant) {
        return wanted -> {
            ThresholdOrder.check(wanted, () -> settings.with(wanted));
            CompletionStage<List<SetThreshold>> done = CompletableFuture.supplyAsync(
                    () -> {
                        List<SetThreshold> now = table.replace(grant, wanted, clock.instant());
                        settings.look();
                        return now;
                    },
                    blocking);
            return onSuccess(done, all -> complete(Json.answer(200, json -> SettingsJson.thresholds(all, json))));
        };
    }

    private Function<List<SetThreshold>, Route> preview(Grant grant) {
        return wanted -> {
            Config wished = ThresholdOrder.check(wanted, () -> settings.with(wanted));
            return onSuccess(
                    preview.run(grant.tenant(), signal.kind().name(), rules(settings.effective()), rules(wished)),
                    outcome -> complete(Json.answer(200, json -> SettingsJson.outcome(outcome, json))));
        };
    }

    private Diagnostics rules(Config whole) {
        return Diagnostics.from(whole.getConfig(SetThreshold.ROOT), signal);
    }

    private CompletionStage<List<SetThreshold>> ask() {
        return CompletableFuture.supplyAsync(table::all, blocking);
    }
}

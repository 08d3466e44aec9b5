package io.sonde.app.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.views.FiguresStore;
import io.sonde.views.UpkeepRun;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link FiguresStore} found last, asked every few seconds by one task: a scrape asks nobody. */
final class DatabaseMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseMetrics.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    /** Looks until sizes, which change slowly and are files to PostgreSQL, are asked for again. */
    private static final int STOCK_EVERY = 12;

    private final FiguresStore store;
    private final Clock clock;
    private FiguresStore.Stock stock = FiguresStore.Stock.UNKNOWN;
    private volatile Seen seen;
    private int looks;

    private record Seen(FiguresStore.Moment moment, FiguresStore.Stock stock, long atNanos) {}

    private DatabaseMetrics(FiguresStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.seen = new Seen(
                new FiguresStore.Moment(Map.of(), Map.of(), Map.of(), Map.of()),
                FiguresStore.Stock.UNKNOWN,
                System.nanoTime());
    }

    static void start(
            ActorSystem system, FiguresStore store, Clock clock, Executor blocking, PrometheusRegistry registry) {
        var metrics = new DatabaseMetrics(store, clock);
        metrics.register(registry);
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO, EVERY, () -> blocking.execute(metrics::look), system.dispatcher());
    }

    /** While the database is away, what was found last stays, and its age tells. */
    private synchronized void look() {
        try {
            // In the first minute each time: a new cluster's first figures would be of an empty database.
            if (looks < STOCK_EVERY || looks % STOCK_EVERY == 0) {
                stock = store.stock();
            }
            seen = new Seen(store.moment(), stock, System.nanoTime());
            looks++;
        } catch (SQLException away) {
            LOG.debug("the database was not looked at", away);
        }
    }

    private void register(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("sonde_database_sample_age_seconds")
                .help("How old the figures are that the database is asked for.")
                .callback(callback -> callback.call((System.nanoTime() - seen.atNanos()) / 1e9))
                .register(registry);
        by(
                "table",
                "sonde_database_table_bytes",
                "A table with its indexes, and all its partitions.",
                registry,
                found -> found.stock().tables());
        by(
                "partition",
                "sonde_database_partition_bytes",
                "A month of windows with its indexes.",
                registry,
                found -> found.stock().partitions());
        by(
                "tenant",
                "sonde_sources_silent",
                "Sources without a window for ten minutes that had one within a day.",
                registry,
                found -> found.stock().silentSources());
        by(
                "what",
                "sonde_upkeep_failed",
                "1 for a part of the upkeep whose last run failed or was killed, 0 for the others.",
                registry,
                found -> found.stock().upkeep().stream()
                        .collect(Collectors.toMap(UpkeepRun::what, DatabaseMetrics::failed)));
        GaugeWithCallback.builder()
                .name("sonde_upkeep_success_age_seconds")
                .help("Since when a part of the upkeep was last done; no series of what never was.")
                .labelNames("what")
                .callback(callback -> seen.stock().upkeep().forEach(run -> Optional.ofNullable(run.lastDoneMs())
                        .ifPresent(doneMs -> callback.call(Math.max(0, clock.millis() - doneMs) / 1e3, run.what()))))
                .register(registry);
        by(
                "label",
                "sonde_incidents_open",
                "Incidents that go on; none of a label: no series.",
                registry,
                found -> found.moment().openIncidents());
        by(
                "label",
                "sonde_problems_open",
                "Problems that go on; none of a label: no series.",
                registry,
                found -> found.moment().openProblems());
        behind(
                "sonde_projection_lag_seconds",
                "For how long the oldest journalled event that a projection has not copied has waited.",
                behind -> behind.oldestMs() == 0 ? 0 : Math.max(0, clock.millis() - behind.oldestMs()) / 1e3,
                registry);
        behind(
                "sonde_projection_lag_events",
                "Journalled events that a projection has not copied; counted up to 10,000 in each of its slices.",
                FiguresStore.Behind::rows,
                registry);
        GaugeWithCallback.builder()
                .name("sonde_notifications_oldest_undelivered_seconds")
                .help("Since when the oldest problem began, or ended, that a channel has still to be told of.")
                .labelNames("channel")
                .callback(callback -> seen.moment()
                        .undeliveredSinceMs()
                        .forEach((channel, sinceMs) ->
                                callback.call(Math.max(0, clock.millis() - sinceMs) / 1e3, channel)))
                .register(registry);
    }

    private static long failed(UpkeepRun run) {
        return switch (run.outcome()) {
            case FAILED, KILLED -> 1;
            case RUNNING, DONE -> 0;
        };
    }

    /** Figures by one label. */
    @FunctionalInterface
    private interface Figures {
        Map<String, Long> of(Seen found);
    }

    private void by(String label, String name, String help, PrometheusRegistry registry, Figures figures) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> figures.of(seen).forEach((value, n) -> callback.call((double) n, value)))
                .register(registry);
    }

    private void behind(
            String name, String help, ToDoubleFunction<FiguresStore.Behind> figure, PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("projection")
                .callback(callback -> seen.moment()
                        .projections()
                        .forEach((projection, behind) -> callback.call(figure.applyAsDouble(behind), projection)))
                .register(registry);
    }
}

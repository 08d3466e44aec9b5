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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
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
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile Seen<FiguresStore.Moment> moment;
    private volatile Seen<FiguresStore.Stock> stock;
    private int looks;

    /** @param atMs when it was found, epoch ms */
    private record Seen<T>(T found, long atMs, long atNanos) {
        double ageSeconds() {
            return (System.nanoTime() - atNanos) / 1e9;
        }
    }

    DatabaseMetrics(FiguresStore store, Clock clock, PrometheusRegistry registry) {
        this.store = store;
        this.clock = clock;
        this.moment = seen(new FiguresStore.Moment(Map.of(), Map.of(), Map.of(), Map.of()));
        this.stock = seen(FiguresStore.Stock.UNKNOWN);
        register(registry);
    }

    static void start(
            ActorSystem system, FiguresStore store, Clock clock, Executor blocking, PrometheusRegistry registry) {
        var metrics = new DatabaseMetrics(store, clock, registry);
        var unused = system.scheduler()
                .scheduleWithFixedDelay(Duration.ZERO, EVERY, () -> metrics.lookOn(blocking), system.dispatcher());
    }

    /** Nothing while a look is under way: behind a lock, they would take all threads from those who need the database. */
    void lookOn(Executor blocking) {
        if (underWay.compareAndSet(false, true)) {
            try {
                blocking.execute(this::look);
            } catch (RejectedExecutionException stopped) {
                underWay.set(false);
                LOG.debug("the database is looked at no more", stopped);
            }
        }
    }

    /** While the database is away, what was found last stays, and its age tells. */
    private void look() {
        try {
            int look = looks++;
            // In the first minute each time: a new cluster's first figures would be of an empty database.
            if (look < STOCK_EVERY || look % STOCK_EVERY == 0) {
                found(store::stock).ifPresent(seen -> stock = seen);
            }
            found(store::moment).ifPresent(seen -> moment = seen);
        } finally {
            underWay.set(false);
        }
    }

    /** A question to the database. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> Optional<Seen<T>> found(Question<T> question) {
        try {
            return Optional.of(seen(question.ask()));
        } catch (SQLException away) {
            LOG.debug("the database was not looked at", away);
            return Optional.empty();
        }
    }

    private <T> Seen<T> seen(T found) {
        return new Seen<>(found, clock.millis(), System.nanoTime());
    }

    private void register(PrometheusRegistry registry) {
        age(
                "sonde_database_sample_age_seconds",
                "How old the figures are that the database is asked for every few seconds.",
                () -> moment.ageSeconds(),
                registry);
        age(
                "sonde_database_stock_age_seconds",
                "How old sizes, silent sources and upkeep are, which the database is asked for every minute.",
                () -> stock.ageSeconds(),
                registry);
        by(
                "table",
                "sonde_database_table_bytes",
                "A table with its indexes, and all its partitions.",
                registry,
                () -> stock.found().tables());
        by(
                "partition",
                "sonde_database_partition_bytes",
                "A month of windows with its indexes.",
                registry,
                () -> stock.found().partitions());
        by(
                "tenant",
                "sonde_sources_silent",
                "Sources without a window for ten minutes that had one within a day.",
                registry,
                () -> stock.found().silentSources());
        by(
                "what",
                "sonde_upkeep_failed",
                "1 for a part of the upkeep whose last run failed or was killed, 0 for the others.",
                registry,
                () -> stock.found().upkeep().stream()
                        .collect(Collectors.toMap(UpkeepRun::what, DatabaseMetrics::failed)));
        GaugeWithCallback.builder()
                .name("sonde_upkeep_success_age_seconds")
                .help("Since when a part of the upkeep was last done; no series of what never was.")
                .labelNames("what")
                .callback(callback -> stock.found().upkeep().forEach(run -> Optional.ofNullable(run.lastDoneMs())
                        .ifPresent(doneMs -> callback.call(Math.max(0, clock.millis() - doneMs) / 1e3, run.what()))))
                .register(registry);
        by(
                "label",
                "sonde_incidents_open",
                "Incidents that go on; none of a label: no series.",
                registry,
                () -> moment.found().openIncidents());
        by(
                "label",
                "sonde_problems_open",
                "Problems that go on; none of a label: no series.",
                registry,
                () -> moment.found().openProblems());
        behind(
                "sonde_projection_lag_seconds",
                "For how long the oldest journalled event that a projection has not copied has waited.",
                (behind, atMs) -> behind.oldestMs() == 0 ? 0 : Math.max(0, atMs - behind.oldestMs()) / 1e3,
                registry);
        behind(
                "sonde_projection_lag_events",
                "Journalled events that a projection has not copied; counted up to 10,000 in each of its slices.",
                (behind, atMs) -> behind.rows(),
                registry);
        GaugeWithCallback.builder()
                .name("sonde_notifications_oldest_undelivered_seconds")
                .help("Since when the oldest problem began, or ended, that a channel has still to be told of.")
                .labelNames("channel")
                .callback(callback -> {
                    Seen<FiguresStore.Moment> seen = moment;
                    seen.found()
                            .undeliveredSinceMs()
                            .forEach((channel, sinceMs) ->
                                    callback.call(Math.max(0, seen.atMs() - sinceMs) / 1e3, channel));
                })
                .register(registry);
    }

    private static long failed(UpkeepRun run) {
        return switch (run.outcome()) {
            case FAILED, KILLED -> 1;
            case RUNNING, DONE -> 0;
        };
    }

    private static void age(String name, String help, DoubleSupplier seconds, PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(seconds.getAsDouble()))
                .register(registry);
    }

    /** @param figures by that label */
    private static void by(
            String label, String name, String help, PrometheusRegistry registry, Supplier<Map<String, Long>> figures) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(callback -> figures.get().forEach((value, n) -> callback.call((double) n, value)))
                .register(registry);
    }

    /** @param figure of what a projection has not copied, as of a time, epoch ms */
    private void behind(
            String name,
            String help,
            ToDoubleBiFunction<FiguresStore.Behind, Long> figure,
            PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("projection")
                .callback(callback -> {
                    Seen<FiguresStore.Moment> seen = moment;
                    seen.found()
                            .projections()
                            .forEach((projection, behind) ->
                                    callback.call(figure.applyAsDouble(behind, seen.atMs()), projection));
                })
                .register(registry);
    }
}

package io.sonde.views;

import io.sonde.core.SourceId;
import io.sonde.core.Unavailable;
import io.sonde.problems.Silence;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Answers what is asked of the read side, on threads of its own. Answers fail with {@link Unavailable} when there are too
 * many questions or the database is away.
 */
public final class WindowQueries implements AutoCloseable {
    /** Of 20,000 series and one measure 50 minutes with 126 events a window, 70 with 12. */
    private static final long REMEMBERED_TAILS_BYTES = 48L << 20;

    private final SnapshotStore snapshots;
    private final WorstStore worst = new WorstStore(new TailMemory(REMEMBERED_TAILS_BYTES));
    private final ThreadPoolExecutor threads;
    private final ViewsMetrics metrics;

    /** @param dataSource a pool with at least {@link ViewsSettings#queryThreads()} connections to spare */
    public WindowQueries(DataSource dataSource, ViewsSettings settings) {
        this(dataSource, settings, ViewsMetrics.unseen());
    }

    /** @param dataSource a pool with at least {@link ViewsSettings#queryThreads()} connections to spare */
    public WindowQueries(DataSource dataSource, ViewsSettings settings, ViewsMetrics metrics) {
        this.metrics = metrics;
        snapshots = new SnapshotStore(dataSource, settings.queryTimeout());
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                settings.queryThreads(),
                settings.queryThreads(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(settings.queryQueue()),
                work -> new Thread(work, "sonde-query-" + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
    }

    public CompletionStage<Page<WindowRow, Position>> windows(WindowQuery query) {
        return ask("windows", WindowStore::page, query);
    }

    public CompletionStage<Worst> worst(WorstQuery query) {
        return ask("worst", worst::worst, query);
    }

    public CompletionStage<SeriesDistribution> distribution(DistributionQuery query) {
        return ask("distribution", DistributionStore::merged, query);
    }

    public CompletionStage<Overview> overview(OverviewQuery query) {
        return ask("overview", OverviewStore::overview, query);
    }

    public CompletionStage<Page<Listed.Series, SeriesQuery.Key>> series(SeriesQuery query) {
        return ask("series", CatalogueStore::series, query);
    }

    public CompletionStage<Page<Listed.Source, NameQuery.Key>> sources(NameQuery query) {
        return ask("sources", NameStore::sources, query);
    }

    public CompletionStage<Page<Listed.Target, NameQuery.Key>> targets(NameQuery query) {
        return ask("targets", NameStore::targets, query);
    }

    public CompletionStage<Page<DiagnosedWindow, Position>> diagnoses(DiagnosisQuery query) {
        return ask("diagnoses", DiagnosisStore::windows, query);
    }

    public CompletionStage<Page<IncidentRow, IncidentQuery.Key>> incidents(IncidentQuery query) {
        return ask("incidents", DiagnosisStore::incidents, query);
    }

    /** Empty when there is none with this id in the tenant and kind. */
    public CompletionStage<Optional<IncidentRow>> incident(String tenant, String kind, String id) {
        return ask(
                "incident",
                DiagnosisStore::incident,
                new DiagnosisStore.OneIncident(new SeriesFilter(tenant, kind, null, null), id));
    }

    public CompletionStage<Optional<StoredProblem>> problem(String tenant, String kind, String id) {
        return ask("problem", ProblemStore::problem, new ProblemStore.OneProblem(tenant, kind, id));
    }

    public CompletionStage<Page<StoredProblem, ProblemQuery.Key>> problems(ProblemQuery query) {
        return ask("problems", ProblemStore::problems, query);
    }

    public CompletionStage<Page<Silence, SilenceQuery.Key>> silences(SilenceQuery query) {
        return ask("silences", SilenceStore::silences, query);
    }

    /** How many windows there are, {@code most} where there are more; likewise with the other lists. */
    public CompletionStage<Long> count(WindowQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.windows(connection, of, most), query);
    }

    public CompletionStage<Long> count(DiagnosisQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.diagnoses(connection, of, most), query);
    }

    public CompletionStage<Long> count(IncidentQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.incidents(connection, of, most), query);
    }

    public CompletionStage<Long> count(ProblemQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.problems(connection, of, most), query);
    }

    public CompletionStage<Long> count(SeriesQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.series(connection, of, most), query);
    }

    public CompletionStage<Long> countSources(NameQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.sources(connection, of, most), query);
    }

    public CompletionStage<Long> countTargets(NameQuery query, int most) {
        return ask("count", (connection, of) -> RowCountStore.targets(connection, of, most), query);
    }

    /** How each part of the upkeep last went. */
    public CompletionStage<List<UpkeepRun>> upkeep() {
        return ask("upkeep", (connection, any) -> UpkeepRunStore.last(connection), "");
    }

    public CompletionStage<LastWindows> last(LastQuery query) {
        return ask("last", LastWindowTable::last, query);
    }

    /** Of the series that have a window since then, at most so many. */
    public CompletionStage<History.Sample> sample(String tenant, String kind, long sinceMs, int most) {
        return ask("sample", HistoryStore::sample, new HistoryStore.SampleQuery(tenant, kind, sinceMs, most));
    }

    /** @param most windows */
    public CompletionStage<History> history(History.Of series, Span span, int most) {
        return ask("history", HistoryStore::history, new HistoryStore.Wanted(series.seriesId(), span, most));
    }

    /** Whether the source has ever had an event counted; one that has not has no open windows either. */
    public CompletionStage<Boolean> isJournalled(SourceId source) {
        return ask("is_journalled", JournalledSourceTable::knows, source);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private <Q, A> CompletionStage<A> ask(String name, SnapshotStore.Question<Q, A> by, Q query) {
        try {
            return CompletableFuture.supplyAsync(() -> timed(name, by, query), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new Unavailable("too many questions are waiting", 1, e));
        }
    }

    private <Q, A> A timed(String name, SnapshotStore.Question<Q, A> by, Q query) {
        long beganNanos = System.nanoTime();
        try {
            return snapshots.answer(by, query);
        } finally {
            metrics.statement(name).observe((System.nanoTime() - beganNanos) / 1e9);
        }
    }
}

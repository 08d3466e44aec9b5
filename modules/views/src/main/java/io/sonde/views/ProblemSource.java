package io.sonde.views;

import io.sonde.problems.ProblemsEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.projection.javadsl.SourceProvider;
import org.apache.pekko.stream.javadsl.Source;

/** The journal of problems, for ever: one entity writes it, so its sequence numbers have no gap and are its order. */
final class ProblemSource extends SourceProvider<Long, ProblemSource.Row> {
    /** @param writtenMs when it was journalled, epoch ms */
    record Row(long number, ProblemsEvent event, long writtenMs) {
        Row {
            Objects.requireNonNull(event);
        }
    }

    private final ActorSystem<?> system;
    private final Executor blocking;
    private final ProblemJournalStore journal;
    private final Duration pollInterval;

    ProblemSource(ActorSystem<?> system, ProblemJournalStore journal, ViewsSettings settings) {
        this.system = system;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(WindowProjection.DISPATCHER));
        this.journal = journal;
        this.pollInterval = settings.pollInterval();
    }

    @Override
    public CompletionStage<Source<Row, NotUsed>> source(Supplier<CompletionStage<Optional<Long>>> offset) {
        return offset.get().thenApply(stored -> Source.unfoldAsync(stored.orElse(0L), last -> next(last)
                        .thenApply(page -> Optional.of(Pair.create(end(page, last), page))))
                .mapConcat(page -> page));
    }

    @Override
    public Long extractOffset(Row row) {
        return row.number();
    }

    @Override
    public long extractCreationTime(Row row) {
        return row.writtenMs();
    }

    private static Long end(List<Row> page, Long last) {
        return page.isEmpty() ? last : Long.valueOf(page.get(page.size() - 1).number());
    }

    private CompletionStage<List<Row>> next(Long after) {
        return Patterns.after(
                pollInterval, system.classicSystem().scheduler(), system.executionContext(), () -> read(after));
    }

    private CompletionStage<List<Row>> read(Long after) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return journal.after(after);
                    } catch (SQLException e) {
                        throw new CompletionException("the journal of problems cannot be read now", e);
                    }
                },
                blocking);
    }
}

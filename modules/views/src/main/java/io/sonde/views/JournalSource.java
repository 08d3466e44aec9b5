package io.sonde.views;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.projection.javadsl.SourceProvider;
import org.apache.pekko.stream.javadsl.Source;

/** One slice of the journal of closed windows, for ever: what is there, then what comes. Skips nothing. */
final class JournalSource extends SourceProvider<String, Journalled> {
    private final ActorSystem<?> system;
    private final Executor blocking;
    private final DataSource dataSource;
    private final JournalTable journal;
    private final int slice;
    private final int pageSize;
    private final Duration pollInterval;

    JournalSource(ActorSystem<?> system, DataSource dataSource, ViewsSettings settings, int slice) {
        this.system = system;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(WindowProjection.DISPATCHER));
        this.dataSource = dataSource;
        this.journal = new JournalTable(new EventFormat(system));
        this.slice = slice;
        this.pageSize = settings.pageSize();
        this.pollInterval = settings.pollInterval();
    }

    @Override
    public CompletionStage<Source<Journalled, NotUsed>> source(Supplier<CompletionStage<Optional<String>>> offset) {
        return offset.get()
                .thenApply(stored -> from(stored.map(JournalOffset::parse).orElse(JournalOffset.START)));
    }

    @Override
    public String extractOffset(Journalled row) {
        return row.offset().toString();
    }

    @Override
    public long extractCreationTime(Journalled row) {
        return row.diagnosed().writtenMs();
    }

    private Source<Journalled, NotUsed> from(JournalOffset start) {
        return Source.unfoldAsync(JournalPage.before(start), last -> next(last)
                        .thenApply(page -> Optional.of(Pair.create(page, page))))
                .mapConcat(JournalPage::rows);
    }

    private CompletionStage<JournalPage> next(JournalPage last) {
        return last.more()
                ? read(last.end())
                : Patterns.after(
                        pollInterval,
                        system.classicSystem().scheduler(),
                        system.executionContext(),
                        () -> read(last.end()));
    }

    private CompletionStage<JournalPage> read(JournalOffset after) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Connection connection = dataSource.getConnection()) {
                        return journal.page(connection, slice, after, pageSize);
                    } catch (SQLException e) {
                        throw new CompletionException("the journal of closed windows cannot be read now", e);
                    }
                },
                blocking);
    }
}

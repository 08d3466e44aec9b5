package io.sonde.windows;

import io.sonde.core.Batch;
import io.sonde.core.Causes;
import io.sonde.core.Kind;
import io.sonde.core.OpenWindows;
import io.sonde.core.Receipt;
import io.sonde.core.Receipt.Unrecordable;
import io.sonde.core.Recorder;
import io.sonde.core.SeriesId;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.core.Unavailable;
import io.sonde.core.Watermark;
import io.sonde.core.WindowAggregate;
import io.sonde.core.WindowSubscriber;
import io.sonde.windows.WindowsEntity.Command;
import io.sonde.windows.WindowsEntity.Record;
import io.sonde.windows.WindowsEntity.Show;
import io.sonde.windows.WindowsEntity.Shown;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/** The windows of all sources, wherever in the cluster they live. */
public final class ShardedWindows implements Recorder, OpenWindows {
    /** The manifest of a journalled event after which its source has no open windows. */
    public static final String NONE_OPEN_MANIFEST = WindowsSerializer.ALL_SEALED;

    private static final int RETRY_AFTER_SECONDS = 2;

    private final ClusterSharding sharding;
    private final Map<String, Kind> kinds;
    private final Duration askTimeout;
    private final Scheduler scheduler;
    private final LocalSources local;

    private ShardedWindows(
            ClusterSharding sharding,
            Map<String, Kind> kinds,
            Duration askTimeout,
            Scheduler scheduler,
            LocalSources local) {
        this.scheduler = scheduler;
        this.local = local;
        this.sharding = sharding;
        this.kinds = kinds;
        this.askTimeout = askTimeout;
    }

    public static ShardedWindows init(
            ActorSystem<?> system,
            List<Kind> kinds,
            WindowSubscriber subscriber,
            Watermark watermark,
            Tracing tracing,
            Clock clock,
            WindowsSettings settings,
            WindowsMetrics metrics) {
        Map<String, Kind> byName = kinds.stream().collect(Collectors.toMap(Kind::name, Function.identity()));
        LocalSources local = new LocalSources();
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(WindowsEntity.KEY, entity -> {
                    SourceId source = SourceId.parse(entity.getEntityId());
                    return WindowsEntity.create(
                            new WindowsAssignment(
                                    source,
                                    kindOf(source, byName),
                                    subscriber,
                                    watermark,
                                    tracing,
                                    clock,
                                    settings.snapshotEvery(),
                                    metrics,
                                    local),
                            entity.getShard());
                })
                // An entity passivates itself when its last window is sealed; sharding's idle clock would come first.
                .withSettings(ClusterShardingSettings.create(system).withNoPassivationStrategy()));
        return new ShardedWindows(sharding, byName, settings.askTimeout(), system.scheduler(), local);
    }

    @Override
    public CompletionStage<Receipt> record(Batch batch) {
        if (!kinds.containsKey(batch.source().kind())) {
            return CompletableFuture.completedStage(ofUnknownKind(batch));
        }
        return ask(batch).exceptionallyCompose(ShardedWindows::unavailable);
    }

    @Override
    public CompletionStage<List<WindowAggregate>> of(SeriesId series) {
        SourceId source = series.sourceId(kindOf(series.kind(), kinds).buckets());
        return entity(source)
                .<Shown>ask(replyTo -> new Show(series.target(), replyTo), askTimeout)
                .thenApply(Shown::windows)
                .exceptionallyCompose(ShardedWindows::unavailable);
    }

    /**
     * Lets a source look after its open windows, wherever it is. A source that has gone silent would otherwise stay
     * stopped after a crash or a move, its last window neither handed over nor sealed.
     *
     * @param entityId as {@link SourceId#entityId()} gave it, and as the journal names the source
     */
    public void wakeUp(String entityId) {
        sharding.entityRefFor(WindowsEntity.KEY, entityId).tell(WindowsEntity.WakeUp.NOW);
    }

    private CompletionStage<Receipt> ask(Batch batch) {
        Function<ActorRef<Receipt>, Command> record = replyTo -> new Record(batch, replyTo);
        return local.find(batch.source())
                .map(entity -> AskPattern.<Command, Receipt>ask(entity, record::apply, askTimeout, scheduler))
                .orElseGet(() -> entity(batch.source()).ask(record::apply, askTimeout));
    }

    private EntityRef<Command> entity(SourceId source) {
        return sharding.entityRefFor(WindowsEntity.KEY, source.entityId());
    }

    private static <T> CompletionStage<T> unavailable(Throwable failure) {
        Throwable cause = Causes.of(failure);
        return CompletableFuture.failedFuture(
                cause instanceof TimeoutException
                        ? new Unavailable("the windows did not answer in time", RETRY_AFTER_SECONDS, cause)
                        : cause);
    }

    private static Receipt ofUnknownKind(Batch batch) {
        String reason = "no signal of kind " + batch.source().kind() + " here";
        return new Receipt(
                0,
                0,
                0,
                batch.samples().stream()
                        .map(sample -> new Unrecordable(sample.id(), reason))
                        .toList(),
                true);
    }

    private static Kind kindOf(SourceId source, Map<String, Kind> kinds) {
        return kindOf(source.kind(), kinds);
    }

    private static Kind kindOf(String name, Map<String, Kind> kinds) {
        Kind kind = kinds.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("no signal of kind " + name + " here; known: " + kinds.keySet());
        }
        return kind;
    }
}

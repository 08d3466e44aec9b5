package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.core.UsualHours;
import io.sonde.core.WindowSubscriber;
import io.sonde.diagnosis.DiagnoserEntity.Judge;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/** The diagnosers of all sources, wherever in the cluster they live. */
public final class ShardedDiagnosers implements WindowSubscriber {
    /** Nobody waits for it but the windows, which try again. */
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);

    private final ClusterSharding sharding;

    private ShardedDiagnosers(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /** @param diagnostics by the name of the kind, as they are when a window is judged */
    public static ShardedDiagnosers init(
            ActorSystem<?> system,
            Map<String, Supplier<Diagnostics>> diagnostics,
            UsualHours usualHours,
            Tracing tracing,
            DiagnosisMetrics metrics) {
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(DiagnoserEntity.KEY, entity -> {
            SourceId source = SourceId.parse(entity.getEntityId());
            Supplier<Diagnostics> ofKind = Objects.requireNonNull(
                    diagnostics.get(source.kind()), () -> "no rules for windows of kind " + source.kind());
            return DiagnoserEntity.create(source, ofKind, usualHours, tracing, metrics);
        }));
        return new ShardedDiagnosers(sharding);
    }

    @Override
    public CompletionStage<Done> closed(ClosedWindows windows) {
        return sharding.entityRefFor(DiagnoserEntity.KEY, windows.source().entityId())
                .ask(replyTo -> new Judge(windows, replyTo), ASK_TIMEOUT);
    }
}

package io.sonde.diagnosis;

import io.sonde.core.ClosedWindows;
import io.sonde.core.Rule;
import io.sonde.core.SourceId;
import io.sonde.core.WindowSubscriber;
import io.sonde.diagnosis.DiagnoserEntity.Judge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
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

    public static ShardedDiagnosers init(ActorSystem<?> system, List<Rule> rules) {
        ClusterSharding sharding = ClusterSharding.get(system);
        List<Rule> fixed = List.copyOf(rules);
        sharding.init(Entity.of(
                DiagnoserEntity.KEY, entity -> DiagnoserEntity.create(SourceId.parse(entity.getEntityId()), fixed)));
        return new ShardedDiagnosers(sharding);
    }

    @Override
    public CompletionStage<Done> closed(ClosedWindows windows) {
        return sharding.entityRefFor(DiagnoserEntity.KEY, windows.source().entityId())
                .ask(replyTo -> new Judge(windows, replyTo), ASK_TIMEOUT);
    }
}

package io.sonde.problems;

import io.sonde.core.OpenIncident;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEntity.Acknowledge;
import io.sonde.problems.ProblemsEntity.BeSilent;
import io.sonde.problems.ProblemsEntity.Command;
import io.sonde.problems.ProblemsEntity.EndSilence;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/** The problems of the cluster, on whichever node they live. */
public final class ClusterProblems {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final ActorRef<Command> entity;

    private ClusterProblems(ActorSystem<?> system, ActorRef<Command> entity) {
        this.system = system;
        this.entity = entity;
    }

    public static ClusterProblems init(
            ActorSystem<?> system,
            OpenIncident.Lookout lookout,
            Telling telling,
            ProblemsSettings settings,
            Clock clock) {
        var entity = SingletonActor.of(ProblemsEntity.create(lookout, telling, settings, clock), "problems");
        return new ClusterProblems(system, ClusterSingleton.get(system).init(entity));
    }

    /** Fails with an {@link org.apache.pekko.pattern.StatusReply.ErrorMessage} when no problem that goes on has the incident. */
    public CompletionStage<String> acknowledge(String tenant, String incident, Ack ack) {
        return AskPattern.askWithStatus(
                entity, replyTo -> new Acknowledge(tenant, incident, ack, replyTo), ASK_TIMEOUT, system.scheduler());
    }

    public CompletionStage<String> silence(Silence silence) {
        return AskPattern.askWithStatus(
                entity, replyTo -> new BeSilent(silence, replyTo), ASK_TIMEOUT, system.scheduler());
    }

    /** Fails with an {@link org.apache.pekko.pattern.StatusReply.ErrorMessage} when the tenant has no such silence. */
    public CompletionStage<String> endSilence(String tenant, String id) {
        return AskPattern.askWithStatus(
                entity, replyTo -> new EndSilence(tenant, id, replyTo), ASK_TIMEOUT, system.scheduler());
    }
}

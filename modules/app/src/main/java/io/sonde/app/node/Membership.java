package io.sonde.app.node;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** This node's place in the cluster; without seed nodes it is a cluster of its own. */
final class Membership {
    private final Cluster cluster;
    private final CompletableFuture<Void> up = new CompletableFuture<>();

    private Membership(ActorSystem<?> system) {
        cluster = Cluster.get(system);
        org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    }

    static Membership join(ActorSystem<?> system) {
        Membership membership = new Membership(system);
        if (system.settings().config().getStringList("pekko.cluster.seed-nodes").isEmpty()) {
            membership
                    .cluster
                    .manager()
                    .tell(Join.create(membership.cluster.selfMember().address()));
        }
        return membership;
    }

    void awaitUp(Duration limit) throws IOException, InterruptedException, ExecutionException {
        try {
            up.get(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "no seed node of pekko.cluster.seed-nodes answered for " + limit.toSeconds() + " s", e);
        }
    }

    boolean isUp() {
        return cluster.selfMember().status().equals(MemberStatus.up());
    }
}

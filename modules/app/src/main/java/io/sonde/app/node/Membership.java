package io.sonde.app.node;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place in the cluster; without seed nodes it is a cluster of its own. The first seed node founds a cluster
 * when no other answers it, but never while another one is in the database as being there: they are cut off from each other.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration SAYS_SO_EVERY = Duration.ofSeconds(5);
    private static final Duration THERE = SAYS_SO_EVERY.multipliedBy(4);
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final List<Address> seeds;
    private final NodeTable nodes;
    private final CompletableFuture<Void> up = new CompletableFuture<>();
    private boolean asFounder;

    private Membership(ActorSystem<?> system, List<String> seeds, NodeTable nodes) {
        this.cluster = Cluster.get(system);
        this.seeds = seeds.stream().map(AddressFromURIString::parse).toList();
        this.nodes = nodes;
        org.apache.pekko.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
    }

    /**
     * Returns when this node is in the cluster.
     *
     * @param seeds addresses; not in the configuration of {@code system}, or it would join by itself
     */
    static Membership join(
            ActorSystem<?> system, List<String> seeds, NodeTable nodes, Duration limit, Executor blocking)
            throws IOException, InterruptedException, ExecutionException {
        Membership membership = new Membership(system, seeds, nodes);
        membership.join(membership.mayFound());
        membership.awaitUp(limit);
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO,
                        SAYS_SO_EVERY,
                        () -> blocking.execute(membership::sayHere),
                        system.executionContext());
        return membership;
    }

    boolean isUp() {
        return cluster.selfMember().status().equals(MemberStatus.up());
    }

    /** Up, or on its way there or away. */
    String status() {
        return cluster.selfMember().status().toString().toLowerCase(Locale.ROOT);
    }

    /** A node that leaves in order is not waited for. */
    void leave() {
        try {
            nodes.gone(self().toString());
        } catch (SQLException e) {
            LOG.debug("that this node leaves is not in the database, which forgets it", e);
        }
    }

    private void awaitUp(Duration limit) throws IOException, InterruptedException, ExecutionException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            try {
                up.get(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                if (!asFounder && mayFound()) {
                    join(true);
                }
            }
        }
        throw new IOException("no seed node of pekko.cluster.seed-nodes answered for " + limit.toSeconds() + " s"
                + (asFounder || !isFirst()
                        ? ""
                        : ", while other nodes work with this database: they cannot be reached from here"));
    }

    private void join(boolean founder) {
        asFounder = founder;
        if (seeds.isEmpty()) {
            cluster.manager().tell(Join.create(self()));
            return;
        }
        List<Address> order = new ArrayList<>(seeds);
        if (isFirst() && !founder) {
            Collections.rotate(order, -1);
        }
        cluster.manager().tell(new JoinSeedNodes(order));
    }

    /** Only the first of the seeds ever founds a cluster. */
    private boolean mayFound() {
        try {
            return !isFirst() || !nodes.hasOthers(self().toString(), THERE);
        } catch (SQLException e) {
            LOG.debug("the database was not asked for other nodes", e);
            return false;
        }
    }

    private boolean isFirst() {
        return seeds.size() > 1 && seeds.get(0).equals(self());
    }

    private Address self() {
        return cluster.selfMember().address();
    }

    private void sayHere() {
        try {
            if (isUp()) {
                nodes.here(self().toString());
            }
        } catch (SQLException e) {
            LOG.debug("that this node is there is not in the database", e);
        }
    }
}

package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.Rebuild;
import io.sonde.views.Span;
import io.sonde.views.Verification;
import io.sonde.views.Verified;
import io.sonde.views.ViewsSettings;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The read side as a whole: made anew from the journal of closed windows, or compared with it. */
public final class ReadSide {
    private static final Config WITHOUT_CLUSTER = ConfigFactory.parseString("pekko.actor.provider = local");

    private ReadSide() {}

    /**
     * Makes anew what the journal still covers; returns when that is done.
     *
     * @return from when on that is; empty for everything
     * @throws Problem when a node runs on the database, or the database does not answer
     */
    public static Optional<Instant> rebuild(Config config) {
        Config local = WITHOUT_CLUSTER.withFallback(config);
        try (Jdbc jdbc =
                Jdbc.open(local, NodeSettings.from(local.getConfig("sonde")).database())) {
            if (new RunningNodesTable(jdbc.views()).any()) {
                throw new Problem(ExitCode.IN_USE, "a node runs on this database; stop all nodes, then rebuild");
            }
            return replay(local, jdbc);
        } catch (SQLException | ExecutionException e) {
            throw new Problem(ExitCode.UNREACHABLE, "the rebuild failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.FAILED, "interrupted; run it again, or the read side stays incomplete", e);
        }
    }

    /**
     * Compares it with the journal of closed windows; nodes may run meanwhile.
     *
     * @param from windows that start then or later; what is too old to be kept is left out
     * @throws Problem when the database does not answer
     */
    public static Verified verify(
            Config config,
            DatabaseAddress address,
            Optional<Instant> from,
            Optional<Instant> to,
            Duration wait,
            int named) {
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "sonde-verify", WITHOUT_CLUSTER.withFallback(config));
        try {
            Verification verification =
                    new Verification(system, address.patientDataSource(), kept(config), Clock.systemUTC());
            Span all = verification.everything();
            Span span = new Span(
                    Math.max(all.fromMs(), from.map(Instant::toEpochMilli).orElse(all.fromMs())),
                    to.map(Instant::toEpochMilli).orElse(all.toMs()));
            return verification.run(span, wait, named);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, "there is nothing between --from and --to that is kept", e);
        } catch (SQLException e) {
            throw new Problem(ExitCode.UNREACHABLE, "the verification failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.FAILED, "interrupted", e);
        } finally {
            system.terminate();
        }
    }

    private static Duration kept(Config config) {
        UpkeepSettings upkeep = UpkeepSettings.of(config);
        return upkeep.keepMinutes().compareTo(upkeep.keepEnded()) < 0 ? upkeep.keepMinutes() : upkeep.keepEnded();
    }

    private static Optional<Instant> replay(Config config, Jdbc jdbc) throws InterruptedException, ExecutionException {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "sonde-rebuild", config);
        try {
            DataSource patient = DatabaseAddress.of(config).patientDataSource();
            return new Rebuild(system, jdbc.projections(), patient, ViewsSettings.of(config))
                    .run(Clock.systemUTC())
                    .toCompletableFuture()
                    .get();
        } finally {
            system.terminate();
            var unused = system.getWhenTerminated().toCompletableFuture().get();
        }
    }
}

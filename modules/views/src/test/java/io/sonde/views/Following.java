package io.sonde.views;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.SourceId;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.projection.ProjectionBehavior;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Sources that journal and the projections of all slices, in an actor system without a cluster. */
final class Following {
    static final Duration KEEP = Duration.ofDays(90);

    final ReadSide readSide = new ReadSide();
    final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "following", config());
    private final Map<SourceId, ActorRef<Journalling.Write>> sources = new HashMap<>();

    private Config config() {
        return ConfigFactory.parseString("test-url = \"" + readSide.url() + "\"")
                .withFallback(ConfigFactory.parseResources("journal.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    ViewsSettings settings() {
        return ViewsSettings.of(system.settings().config());
    }

    /** A projection for each slice. */
    void project() {
        for (int slice : Slices.all()) {
            project(slice, "project-" + slice);
        }
    }

    ActorRef<ProjectionBehavior.Command> project(int slice, String name) {
        return system.systemActorOf(
                ProjectionBehavior.create(WindowProjection.of(system, readSide.dataSource, settings(), slice)),
                name,
                Props.empty());
    }

    /** Returns when it is journalled. */
    void journal(Diagnosed diagnosed) throws Exception {
        WindowsDiagnosed event = diagnosed.event();
        ActorRef<Journalling.Write> journal = sources.computeIfAbsent(
                event.closed().source(),
                source -> system.systemActorOf(new Journalling(source), "source-" + sources.size(), Props.empty()));
        var written = AskPattern.<Journalling.Write, Done>ask(
                journal, replyTo -> new Journalling.Write(event, replyTo), Duration.ofSeconds(20), system.scheduler());
        var unused = written.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Inserts a row of the journal in a transaction that the caller holds. */
    void insert(Connection connection, Diagnosed diagnosed, long ordering) throws SQLException {
        Serialization serialization = SerializationExtension.get(system);
        var serializer = (SerializerWithStringManifest) serialization.findSerializerFor(diagnosed.event());
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO diagnosis_event (ordering, persistence_id, sequence_number, writer, write_timestamp,"
                        + " event_ser_id, event_ser_manifest, event_payload) VALUES (?, ?, 1, 'test', ?, ?, ?, ?)")) {
            statement.setLong(1, ordering);
            statement.setString(2, diagnosed.event().closed().source().entityId());
            statement.setLong(3, diagnosed.writtenMs());
            statement.setInt(4, serializer.identifier());
            statement.setString(5, serializer.manifest(diagnosed.event()));
            statement.setBytes(6, serializer.toBinary(diagnosed.event()));
            statement.executeUpdate();
        }
    }

    /** From this time on, once everything that is journalled is copied. */
    Verified verify(long fromMs) throws Exception {
        return new Verification(system, readSide.dataSource, KEEP, Clock.systemUTC())
                .run(new Span(fromMs, System.currentTimeMillis()), Duration.ofSeconds(30), 10);
    }

    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

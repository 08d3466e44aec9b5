package io.sonde.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import io.sonde.core.UnreadableFormat;
import io.sonde.problems.Problem.Ack;
import io.sonde.problems.ProblemsEntity.Acknowledge;
import io.sonde.problems.ProblemsEntity.BeSilent;
import io.sonde.problems.ProblemsEntity.EndSilence;
import io.sonde.problems.ProblemsEvent.DeliveryChanged;
import io.sonde.problems.ProblemsEvent.ProblemChanged;
import io.sonde.problems.ProblemsEvent.SilenceChanged;
import io.sonde.testkit.Golden;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the journal of problems holds, byte for byte, and what travels between nodes. */
class ProblemsSerializerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final SerializerWithStringManifest SERIALIZER =
            new ProblemsSerializer((ExtendedActorSystem) KIT.system().classicSystem());
    private static final long NOW_MS = 1_763_632_800_000L;

    private static final Problem PROBLEM = new Problem(
            "T-5b0c5a0e",
            3,
            "default",
            "qoe",
            Scope.TARGET,
            "server-bound",
            null,
            "http://b/ü",
            NOW_MS,
            NOW_MS + 60_000,
            "S-1",
            new Ack("eva", "on it", NOW_MS),
            List.of(new Member(
                    "5b0c5a0e",
                    "berlin-1",
                    "http://b/ü",
                    "server-bound",
                    NOW_MS,
                    NOW_MS + 60_000,
                    8.25,
                    List.of(new Evidence("ttfb_p95", "ms", 412.5, new Norm(50, 4.125, 10), Norm.NONE, 58.25)))));
    private static final Delivery DELIVERY =
            Delivery.due(PROBLEM, "ops", false, NOW_MS).failed("503 no", NOW_MS + 5_000);
    private static final Silence SILENCE =
            new Silence("s1", "default", null, "berlin-*", null, NOW_MS, NOW_MS + 1, "eva", "maintenance");

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void eventsOfVersion1AreReadAndWritten() throws IOException {
        for (Map.Entry<String, ProblemsEvent> stored : Map.<String, ProblemsEvent>of(
                        "P problem-changed-1", new ProblemChanged(PROBLEM, NOW_MS + 7),
                        "D delivery-changed-1", new DeliveryChanged(DELIVERY),
                        "S silence-changed-1", new SilenceChanged(SILENCE))
                .entrySet()) {
            String manifest = stored.getKey().substring(0, 1);
            byte[] golden = Golden.bytes(getClass(), stored.getKey().substring(2));

            assertThat(SERIALIZER.toBinary(stored.getValue()))
                    .as(stored.getKey())
                    .isEqualTo(golden);
            assertThat(SERIALIZER.manifest(stored.getValue())).isEqualTo(manifest);
            assertThat(SERIALIZER.fromBinary(golden, manifest)).isEqualTo(stored.getValue());
        }
    }

    @Test
    void aSnapshotOfVersion1IsReadAndWritten() throws IOException {
        Problems problems = new Problems()
                .apply(new ProblemChanged(PROBLEM, NOW_MS))
                .apply(new DeliveryChanged(DELIVERY))
                .apply(new SilenceChanged(SILENCE));
        byte[] golden = Golden.bytes(getClass(), "problems-1");

        assertThat(SERIALIZER.toBinary(new ProblemsSnapshot.Adapter().toJournal(problems)))
                .isEqualTo(golden);
        Problems read = new ProblemsSnapshot.Adapter().fromJournal(SERIALIZER.fromBinary(golden, "N"));
        assertThat(read.problems()).containsExactly(PROBLEM);
        assertThat(read.deliveries()).containsExactly(DELIVERY);
        assertThat(read.silences()).containsExactly(SILENCE);
    }

    @Test
    void aVersionOfALaterReleaseIsSaidAndNotGuessed() {
        assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {9, 1}, "P"))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessageContaining("version 9: this release reads 1 to 1");
    }

    @Test
    void whatTravelsBetweenNodesArrivesAsItWas() throws NotSerializableException {
        ActorRef<StatusReply<String>> replyTo =
                KIT.<StatusReply<String>>createTestProbe().getRef();

        for (Object message : List.of(
                new Acknowledge("default", "5b0c5a0e", new Ack("eva", "on it", NOW_MS), replyTo),
                new BeSilent(SILENCE, replyTo),
                new EndSilence("default", "s1", replyTo),
                StatusReply.success("s1"),
                StatusReply.error("there is no such silence"))) {
            KIT.serializationTestKit().verifySerialization(message, false);
        }
        assertThat(SerializationExtension.get(KIT.system()).serializerFor(Acknowledge.class))
                .isInstanceOf(ProblemsSerializer.class);
    }
}

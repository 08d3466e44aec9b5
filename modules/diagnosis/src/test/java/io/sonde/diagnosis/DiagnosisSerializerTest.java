package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.Evidence;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import io.sonde.core.TraceContext;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.Verdict;
import io.sonde.diagnosis.DiagnoserEntity.Judge;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.testkit.Golden;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.DisabledJavaSerializer;
import org.apache.pekko.serialization.JavaSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal of closed windows holds, byte for byte, and what travels between nodes. */
class DiagnosisSerializerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
    private static final SerializerWithStringManifest SERIALIZER =
            (SerializerWithStringManifest) serializer(DiagnosisEvent.class);

    private static final TraceContext TRACE = new TraceContext(1, 2, 3);
    private static final Verdict VERDICT = new Verdict(
            "server-bound",
            true,
            8.25,
            List.of(new Evidence("ttfb_p95", "ms", 412.5, new Norm(50, 4.125, 10), new Norm(1.0 / 3, 0, 1), 58.25)));
    private static final Verdict HIDDEN = new Verdict(
            "throughput-bound",
            true,
            2.5,
            List.of(new Evidence("throughput_p50", "kbit/s", 20_000, new Norm(50_000, 125, 10), Norm.NONE, 35_000)));
    private static final WindowsDiagnosed DIAGNOSED = new WindowsDiagnosed(
            DiagnosisDomain.closed(
                    0, List.of(DiagnosisDomain.window(0, "http://a/", 4), DiagnosisDomain.window(0, "http://b/ü", 1))),
            Map.of(
                    "http://a/", new Judgement("healthy", 97, "qoe-1", List.of()),
                    "http://b/ü", new Judgement("server-bound", 12, "qoe-1", List.of(VERDICT), List.of(HIDDEN))),
            List.of(new Incident(
                    "5b0c5a0e-6a6f-3a63-9f6c-0d1f5d3a7c11",
                    "http://b/ü",
                    "server-bound",
                    Incident.State.OPEN,
                    1,
                    DiagnosisDomain.BASE_MS - 120_000,
                    DiagnosisDomain.BASE_MS,
                    DiagnosisDomain.BASE_MS,
                    0,
                    DiagnosisDomain.BASE_MS,
                    VERDICT,
                    "qoe-1",
                    List.of(new Incident.Change(DiagnosisDomain.BASE_MS - 120_000, "server-bound")))));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void diagnosedWindowsVersion2AreReadAndWritten() throws IOException {
        byte[] golden = Golden.bytes(getClass(), "windows-diagnosed-2");

        assertThat(SERIALIZER.manifest(DIAGNOSED)).isEqualTo("D");
        assertThat(SERIALIZER.toBinary(DIAGNOSED)).isEqualTo(golden);
        assertThat(SERIALIZER.fromBinary(golden, "D")).isEqualTo(DIAGNOSED);
    }

    @Test
    void theTracesOfDiagnosedWindowsComeAfterAllElseAndOnlyWhereThereAreAny() throws IOException {
        byte[] golden = Golden.bytes(getClass(), "windows-diagnosed-2-traced");
        byte[] untraced = Golden.bytes(getClass(), "windows-diagnosed-2");
        WindowsDiagnosed traced = new WindowsDiagnosed(
                DIAGNOSED
                        .closed()
                        .traced(List.of(new TraceContext(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 2), TRACE)),
                DIAGNOSED.judgements(),
                DIAGNOSED.incidents());

        assertThat(SERIALIZER.toBinary(traced)).isEqualTo(golden);
        assertThat(SERIALIZER.fromBinary(golden, "D")).isEqualTo(traced);
        assertThat(golden).startsWith(untraced).hasSize(untraced.length + 1 + 2 * 24);
    }

    @Test
    void diagnosedWindowsVersion1AreReadAsWindowsOfWhichNothingWasSaid() throws IOException {
        assertThat(SERIALIZER.fromBinary(Golden.bytes(getClass(), "windows-diagnosed-1"), "D"))
                .isEqualTo(new WindowsDiagnosed(DIAGNOSED.closed(), Map.of(), List.of()));
    }

    @Test
    void aSnapshotOfDiagnosesVersion2IsReadAndWritten() throws IOException {
        byte[] golden = Golden.bytes(getClass(), "diagnoses-2");
        DiagnosesSnapshot snapshot = (DiagnosesSnapshot) adapter().toJournal(new Diagnoses().apply(DIAGNOSED));

        assertThat(SERIALIZER.manifest(snapshot)).isEqualTo("S");
        assertThat(SERIALIZER.toBinary(snapshot)).isEqualTo(golden);
        assertThat(adapter().fromJournal(SERIALIZER.fromBinary(golden, "S")).toSnapshot())
                .isEqualTo(golden);
    }

    @Test
    void aSnapshotOfDiagnosesVersion1IsRead() throws IOException {
        Diagnoses read = adapter().fromJournal(SERIALIZER.fromBinary(Golden.bytes(getClass(), "diagnoses-1"), "S"));

        assertThat(read.events()).isEqualTo(1);
        assertThat(read.decide(DIAGNOSED.closed(), Minutes.SHIPPED, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"D windows-diagnosed-2", "S diagnoses-2"})
    void aVersionOfALaterReleaseIsSaidAndNotGuessed(String manifestAndName) throws IOException {
        String[] stored = manifestAndName.split(" ");
        byte[] later = Golden.bytes(getClass(), stored[1]);
        later[0] = 9;

        assertThatThrownBy(() -> readAsRecoveryDoes(later, stored[0]))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessageContaining("version 9: this release reads 1 to 2");
    }

    @Test
    void anUnknownManifestIsSaidAndNotSkipped() {
        assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {1}, "X"))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessage("manifest X of the journal of closed windows");
    }

    @Test
    void whatTravelsBetweenNodesArrivesAsItWas() {
        var confirmations = KIT.<Done>createTestProbe().getRef();

        KIT.serializationTestKit().verifySerialization(new Judge(DIAGNOSED.closed(), confirmations), true);
        KIT.serializationTestKit()
                .verifySerialization(new Judge(DIAGNOSED.closed().traced(List.of(TRACE)), confirmations), true);
        KIT.serializationTestKit().verifySerialization(Done.getInstance(), true);
    }

    @Test
    void everythingThatLeavesANodeIsWrittenByOurSerializerAndTheConfirmationByPekkos() {
        Stream<Class<?>> events = Stream.of(DiagnosisEvent.class.getPermittedSubclasses());
        Stream<Class<?>> commands = Stream.<Class<?>>of(DiagnoserEntity.Command.class.getPermittedSubclasses())
                .filter(type -> !NoSerializationVerificationNeeded.class.isAssignableFrom(type));

        assertThat(Stream.of(events, commands, Stream.of(DiagnosesSnapshot.class))
                        .flatMap(types -> types))
                .hasSize(3)
                .allSatisfy(type -> assertThat(serializer(type)).isInstanceOf(DiagnosisSerializer.class));
        assertThat(serializer(Done.getInstance().getClass()))
                .isNotInstanceOfAny(JavaSerializer.class, DisabledJavaSerializer.class);
    }

    private static Object readAsRecoveryDoes(byte[] bytes, String manifest) throws IOException {
        Object read = SERIALIZER.fromBinary(bytes, manifest);
        return manifest.equals("S") ? adapter().fromJournal(read) : read;
    }

    private static Object serializer(Class<?> type) {
        try {
            return SERIALIZATION.serializerFor(type);
        } catch (NotSerializableException e) {
            throw new AssertionError("no serializer for " + type, e);
        }
    }

    private static DiagnosesSnapshot.Adapter adapter() {
        return new DiagnosesSnapshot.Adapter();
    }
}

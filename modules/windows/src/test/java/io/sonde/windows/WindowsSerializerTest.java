package io.sonde.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sonde.core.Batch;
import io.sonde.core.Receipt;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.UnreadableFormat;
import io.sonde.testkit.Golden;
import io.sonde.windows.WindowsEntity.Record;
import io.sonde.windows.WindowsEntity.Show;
import io.sonde.windows.WindowsEntity.Shown;
import io.sonde.windows.WindowsEntity.WakeUp;
import io.sonde.windows.WindowsEvent.SamplesAccepted;
import io.sonde.windows.WindowsEvent.WindowsSealed;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.SerializationTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal of open windows holds, byte for byte, and what travels between nodes. */
class WindowsSerializerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
    private static final SerializerWithStringManifest SERIALIZER =
            (SerializerWithStringManifest) serializer(WindowsEvent.class);

    private static final SamplesAccepted ACCEPTED = new SamplesAccepted(new Batch(
            WindowsDomain.SOURCE,
            WindowsDomain.BASE_MS + 62_000,
            Map.of("interface_type", "wifi", "user_label", "Büro"),
            List.of(
                    sample(1, "http://a/", 0, Sample.SUCCESS, "", 3.1, 11.2),
                    sample(2, "http://a/", 59_999, 1, "timeout", 1.0 / 3, Double.NaN),
                    sample(3, "http://a/", 60_000, Sample.SUCCESS, "", Double.NaN, 48_211.5),
                    sample(4, "http://a/", 60_001, 0, "nxdomain", Double.NaN, Double.NaN)),
            false));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void acceptedSamplesVersion1AreReadAndWritten() throws IOException {
        assertGolden("A", "samples-accepted-1", ACCEPTED);
    }

    @Test
    void aSealThatLeavesWindowsOpenVersion1IsReadAndWritten() throws IOException {
        assertGolden("S", "windows-sealed-1", new WindowsSealed(WindowsDomain.BASE_MS, false));
    }

    @Test
    void aSealThatLeavesNoWindowOpenVersion1IsReadAndWritten() throws IOException {
        assertGolden("Z", "all-windows-sealed-1", new WindowsSealed(WindowsDomain.BASE_MS, true));
    }

    @Test
    void aSnapshotOfTwoOpenWindowsVersion1IsReadAndWritten() throws IOException {
        Windows windows =
                empty().apply(new WindowsSealed(WindowsDomain.BASE_MS, true)).apply(ACCEPTED);
        WindowsSnapshot snapshot = (WindowsSnapshot) adapter().toJournal(windows);
        byte[] golden = Golden.bytes(getClass(), "open-windows-1");

        Windows read = adapter().fromJournal(SERIALIZER.fromBinary(golden, "W"));

        assertThat(SERIALIZER.manifest(snapshot)).isEqualTo("W");
        assertThat(SERIALIZER.toBinary(snapshot)).isEqualTo(golden);
        assertThat(read.of("http://a/")).hasSize(2).isEqualTo(windows.of("http://a/"));
        assertThat(read.decide(ACCEPTED.batch()).receipt()).isEqualTo(new Receipt(0, 4, 0, true));
        assertThat(read.closed(
                        WindowsDomain.BASE_MS,
                        windows.revisions(WindowsDomain.BASE_MS).keySet()))
                .isEqualTo(windows.closed(
                        WindowsDomain.BASE_MS,
                        windows.revisions(WindowsDomain.BASE_MS).keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A samples-accepted-1", "S windows-sealed-1", "Z all-windows-sealed-1", "W open-windows-1"})
    void aVersionOfALaterReleaseIsSaidAndNotGuessed(String manifestAndName) throws IOException {
        String[] stored = manifestAndName.split(" ");
        byte[] later = Golden.bytes(getClass(), stored[1]);
        later[0] = 9;

        assertThatThrownBy(() -> readAsRecoveryDoes(later, stored[0]))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessageContaining("version 9: this release reads 1 to 1");
    }

    @Test
    void anUnknownManifestIsSaidAndNotSkipped() {
        assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {1}, "B"))
                .isInstanceOf(UnreadableFormat.class)
                .hasMessage("manifest B of the windows' journal");
    }

    @Test
    void whatTravelsBetweenNodesArrivesAsItWas() {
        SerializationTestKit wire = KIT.serializationTestKit();
        var receipts = KIT.<Receipt>createTestProbe().getRef();
        var shown = KIT.<Shown>createTestProbe().getRef();
        Windows windows = empty().apply(ACCEPTED);

        wire.verifySerialization(new Record(ACCEPTED.batch(), receipts), true);
        wire.verifySerialization(
                new Record(
                        ACCEPTED.batch().traced(List.of(new Traced(new UUID(1, 2), new TraceContext(3, 4, 5)))),
                        receipts),
                true);
        wire.verifySerialization(new Receipt(3, 2, 1, true), true);
        wire.verifySerialization(new Receipt(0, 0, 0, false), true);
        wire.verifySerialization(
                new Receipt(0, 0, 0, List.of(new Receipt.Unrecordable(new UUID(1, 2), "an infinite value")), true),
                true);
        wire.verifySerialization(new Show("http://a/ü", shown), true);
        wire.verifySerialization(new Shown(windows.of("http://a/")), true);
        wire.verifySerialization(new Shown(List.of()), true);
        wire.verifySerialization(WakeUp.NOW, true);
    }

    /** All that a node sends or stores; an answer of the subscriber is told by an entity to itself alone. */
    @Test
    void everythingThatLeavesANodeIsWrittenByOurSerializer() {
        Stream<Class<?>> events = Stream.of(WindowsEvent.class.getPermittedSubclasses());
        Stream<Class<?>> commands = Stream.of(WindowsEntity.Command.class.getPermittedSubclasses())
                .filter(command -> !command.getSimpleName().equals("HandedOver"));
        Stream<Class<?>> others = Stream.of(WindowsSnapshot.class, Receipt.class, Shown.class);

        assertThat(Stream.of(events, commands, others).flatMap(types -> types))
                .hasSize(8)
                .allSatisfy(type -> assertThat(serializer(type)).isInstanceOf(WindowsSerializer.class));
    }

    private static void assertGolden(String manifest, String name, WindowsEvent event) throws IOException {
        byte[] golden = Golden.bytes(WindowsSerializerTest.class, name);

        assertThat(SERIALIZER.manifest(event)).isEqualTo(manifest);
        assertThat(SERIALIZER.toBinary(event)).isEqualTo(golden);
        assertThat(SERIALIZER.fromBinary(golden, manifest)).isEqualTo(event);
    }

    private static Object readAsRecoveryDoes(byte[] bytes, String manifest) throws IOException {
        Object read = SERIALIZER.fromBinary(bytes, manifest);
        return manifest.equals("W") ? adapter().fromJournal(read) : read;
    }

    private static Object serializer(Class<?> type) {
        try {
            return SERIALIZATION.serializerFor(type);
        } catch (NotSerializableException e) {
            throw new AssertionError("no serializer for " + type, e);
        }
    }

    private static WindowsSnapshot.Adapter adapter() {
        return new WindowsSnapshot.Adapter(WindowsDomain.SOURCE, WindowsDomain.KIND);
    }

    private static Windows empty() {
        return new Windows(WindowsDomain.SOURCE, WindowsDomain.KIND);
    }

    private static Sample sample(
            long id, String target, long offset, int error, String reason, double dns, double tcp) {
        return new Sample(
                new UUID(0x3f0c1a520f7e4c7eL, id),
                target,
                WindowsDomain.BASE_MS + offset,
                new double[] {dns, tcp},
                error,
                reason);
    }
}

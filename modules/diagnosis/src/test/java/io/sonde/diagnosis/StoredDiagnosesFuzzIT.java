package io.sonde.diagnosis;

import io.sonde.core.ClosedWindowsFormat;
import io.sonde.core.Distribution;
import io.sonde.core.Packer;
import io.sonde.core.Summary;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.DiagnosisEvent.WindowsDiagnosed;
import io.sonde.testkit.Fuzzing;
import io.sonde.testkit.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the journal of closed windows holds, damaged: read or refused, within bounded memory. */
public class StoredDiagnosesFuzzIT {
    private static final int DIAGNOSED = 0;
    private static final int SNAPSHOT = 1;

    /** Held by the process of Jazzer as long as that lives. */
    private static final class Format {
        static final DiagnosisSerializer SERIALIZER = new DiagnosisSerializer(
                (ExtendedActorSystem) Adapter.toClassic(ActorSystem.create(Behaviors.empty(), "fuzz")));
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    public static void fuzzerTestOneInput(byte[] made) {
        Fuzzing.read(
                made,
                UnreadableFormat.class,
                bytes -> useAll((WindowsDiagnosed) Format.SERIALIZER.fromBinary(bytes, "D")),
                bytes -> new DiagnosesSnapshot.Adapter().fromJournal(Format.SERIALIZER.fromBinary(bytes, "S")));
    }

    @Test
    void changedBytesAreReadOrRefused() throws Exception {
        Fuzzing.run(
                StoredDiagnosesFuzzIT.class,
                folder,
                List.of(
                        Fuzzing.forReader(
                                DIAGNOSED, Golden.bytes(DiagnosisSerializerTest.class, "windows-diagnosed-1")),
                        Fuzzing.forReader(
                                DIAGNOSED, Golden.bytes(DiagnosisSerializerTest.class, "windows-diagnosed-2")),
                        Fuzzing.forReader(DIAGNOSED, aSketch()),
                        Fuzzing.forReader(SNAPSHOT, Golden.bytes(DiagnosisSerializerTest.class, "diagnoses-1")),
                        Fuzzing.forReader(SNAPSHOT, Golden.bytes(DiagnosisSerializerTest.class, "diagnoses-2"))));
    }

    /** As the read side does: summaries are decoded only there. */
    private static void useAll(WindowsDiagnosed diagnosed) {
        for (WindowAggregate window : diagnosed.closed().windows()) {
            for (Distribution measure : window.measures()) {
                Summary once = measure.summary();
                Summary.merge(List.of(once, once)).quantile(0.95);
            }
        }
    }

    private static byte[] aSketch() {
        double[] values = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
        var many = new Distribution(100, 1, 100, 50, 95, Summary.of(values, 100));
        var window = new WindowAggregate("http://a/", 0, 100, List.of(0L), Map.of(), List.of(many));
        return new Packer(1024)
                .u8(1)
                .blob(ClosedWindowsFormat.write(DiagnosisDomain.closed(0, List.of(window))))
                .texts(Map.of())
                .toBytes();
    }
}

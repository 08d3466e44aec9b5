package io.sonde.windows;

import io.sonde.core.UnreadableFormat;
import io.sonde.testkit.Fuzzing;
import io.sonde.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the journal of open windows holds, damaged: read or refused, within bounded memory. */
public class StoredWindowsFuzzIT {
    /** Held by the process of Jazzer as long as that lives. */
    private static final class Format {
        static final WindowsSerializer SERIALIZER = new WindowsSerializer(
                (ExtendedActorSystem) Adapter.toClassic(ActorSystem.create(Behaviors.empty(), "fuzz")));
    }

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    public static void fuzzerTestOneInput(byte[] made) {
        Fuzzing.read(
                made,
                UnreadableFormat.class,
                bytes -> Format.SERIALIZER.fromBinary(bytes, "A"),
                bytes -> Format.SERIALIZER.fromBinary(bytes, "S"),
                bytes -> Format.SERIALIZER.fromBinary(bytes, "Z"),
                bytes -> new WindowsSnapshot.Adapter(WindowsDomain.SOURCE, WindowsDomain.KIND)
                        .fromJournal(Format.SERIALIZER.fromBinary(bytes, "W")));
    }

    @Test
    void changedBytesAreReadOrRefused() throws Exception {
        List<String> golden =
                List.of("samples-accepted-1", "windows-sealed-1", "all-windows-sealed-1", "open-windows-1");
        List<byte[]> right = new ArrayList<>();
        for (String name : golden) {
            right.add(Fuzzing.forReader(right.size(), Golden.bytes(WindowsSerializerTest.class, name)));
        }

        Fuzzing.run(StoredWindowsFuzzIT.class, folder, right);
    }
}

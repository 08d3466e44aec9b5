package io.sonde.edge;

import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Receipt;
import io.sonde.core.Scope;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.Fuzzing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Damaged bodies, from the parser to the answer: taken, refused or malformed, and nothing else. */
public class EventParserFuzzIT {
    private static final int JSON = 0;
    private static final int LINES = 1;
    private static final QoeSignal SIGNAL = new QoeSignal();
    private static final Grant GRANT = new Grant("id", "default", Scope.INGEST, null);
    private static final ClientLimits.TargetQuota QUOTA = new ClientLimits(
                    new ClientRates(new ClientRate(1, 1, 100), Map.of()), () -> 0, new Random(1), 64, 1 << 10)
            .targets("default");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    public static void fuzzerTestOneInput(byte[] made) {
        Fuzzing.read(made, MalformedBody.class, body -> answer(body, false), body -> answer(body, true));
    }

    @Test
    void damagedBodiesAreTakenRefusedOrMalformed() throws Exception {
        List<byte[]> right = Stream.of(
                        Events.event(),
                        Events.many(3),
                        Events.event() + "\n" + Events.event() + "\n",
                        "{\"schema_version\":\"1.0\",\"event_id\":null,\"x\":[[[{\"y\":1e308}]]],\"timings\":{\"dns_ms\":-0.0}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .flatMap(body -> Stream.of(Fuzzing.forReader(JSON, body), Fuzzing.forReader(LINES, body)))
                .toList();

        Fuzzing.run(EventParserFuzzIT.class, folder, right);
    }

    private static void answer(byte[] body, boolean lines) throws MalformedBody {
        Readings readings = SIGNAL.read(body, lines, TestEdge.RECV_TS_MS, 10);
        Intake intake = Intake.of(readings, SIGNAL.kind(), GRANT, QUOTA, TestEdge.RECV_TS_MS);
        int status = intake.isAllRefused()
                ? IngestAnswer.allRefused(intake).status().intValue()
                : IngestAnswer.accepted(new Receipt(0, 0, 0, true), intake)
                        .status()
                        .intValue();

        if (status != 202 && status != 422) {
            throw new IllegalStateException("answered " + status);
        }
    }
}

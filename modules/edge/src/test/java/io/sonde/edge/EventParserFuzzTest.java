package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Receipt;
import io.sonde.core.Scope;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.Ordeal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand damaged bodies, from the parser to the answer: taken, refused or malformed, and nothing else. */
class EventParserFuzzTest {
    private static final QoeSignal SIGNAL = new QoeSignal();
    private static final Grant GRANT = new Grant("id", "default", Scope.INGEST, null);
    private static final ClientLimits.TargetQuota QUOTA = new ClientLimits(
                    new ClientRates(new ClientRate(1, 1, 100), Map.of()), () -> 0, new Random(1), 64, 1 << 10)
            .targets("default");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damagedBodiesAreTakenRefusedOrMalformed(boolean lines) {
        List<byte[]> right = Stream.of(
                        Events.event(),
                        Events.many(3),
                        Events.event() + "\n" + Events.event() + "\n",
                        "{\"schema_version\":\"1.0\",\"event_id\":null,\"x\":[[[{\"y\":1e308}]]],\"timings\":{\"dns_ms\":-0.0}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();

        Ordeal.of(bytes -> answer(bytes, lines), MalformedBody.class, right, 50_000, lines ? 17 : 18);
    }

    private static void answer(byte[] body, boolean lines) throws MalformedBody {
        Readings readings = SIGNAL.read(body, lines, TestEdge.RECV_TS_MS, 10);
        Intake intake = Intake.of(readings, SIGNAL.kind(), GRANT, QUOTA, TestEdge.RECV_TS_MS);
        int status = intake.isAllRefused()
                ? IngestAnswer.allRefused(intake).status().intValue()
                : IngestAnswer.accepted(new Receipt(0, 0, 0, true), intake)
                        .status()
                        .intValue();

        assertThat(status).isIn(202, 422);
    }
}

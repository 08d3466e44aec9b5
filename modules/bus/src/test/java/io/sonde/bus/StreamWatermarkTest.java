package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.StreamInfo;
import io.nats.client.support.JsonParser;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamWatermarkTest {
    private static final Instant NODE = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant SERVER = Instant.parse("2026-01-01T09:50:00Z");

    private final JetStreamSettings settings = TestSettings.at("nats://127.0.0.1:1", "clock-difference = 5s");
    private final StreamWatermark watermark = new StreamWatermark(settings, Clock.fixed(NODE, ZoneOffset.UTC));
    private final long onItsWayMs = StreamWatermark.onItsWayMs(settings.publishing()) + 5_000;

    /** From 2.10 on: then no clock of a node matters. */
    @Test
    void ofAnEmptyStreamItIsTheTimeOfAServerThatTellsIt() throws Exception {
        watermark.advance(Optional.empty(), empty(",\"ts\":\"" + SERVER + "\""), NODE.toEpochMilli());

        assertThat(watermark.watermarkMs()).isEqualTo(SERVER.toEpochMilli() - onItsWayMs);
    }

    @Test
    void ofAnEmptyStreamItIsTheNodesTimeWhereTheServerTellsNone() throws Exception {
        watermark.advance(Optional.empty(), empty(""), NODE.toEpochMilli());

        assertThat(watermark.watermarkMs()).isEqualTo(NODE.toEpochMilli() - onItsWayMs);
    }

    @Test
    void itNeverGoesBack() throws Exception {
        watermark.advance(Optional.empty(), empty(""), NODE.toEpochMilli());
        watermark.advance(Optional.empty(), empty(",\"ts\":\"" + SERVER + "\""), NODE.toEpochMilli());

        assertThat(watermark.watermarkMs()).isEqualTo(NODE.toEpochMilli() - onItsWayMs);
    }

    private static StreamInfo empty(String more) throws Exception {
        return new StreamInfo(JsonParser.parse("{\"config\":{\"name\":\"" + TelemetryStream.NAME
                + "\"},\"created\":\"2026-01-01T09:00:00Z\",\"state\":{\"messages\":0}" + more + "}"));
    }
}

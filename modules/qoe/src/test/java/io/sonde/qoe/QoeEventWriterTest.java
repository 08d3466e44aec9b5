package io.sonde.qoe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QoeEventWriterTest {
    private static final UUID ID = UUID.fromString("3f0c6a5e-2b7d-4c43-9d0e-1a2b3c4d5e6f");

    @Test
    void aSuccessIsWrittenAsTheApiDocumentsIt() {
        var event = new QoeEvent(
                ID,
                "berlin-1",
                "https://example.org/health",
                1763632800123L,
                new NetworkContext("wifi", false, "büro"),
                3.1,
                11.2,
                18.9,
                45.7,
                48211.5,
                null,
                null);

        assertThat(json(List.of(event)))
                .isEqualTo("[{\"schema_version\":1,\"event_id\":\"" + ID
                        + "\",\"client_id\":\"berlin-1\",\"target\":\"https://example.org/health\","
                        + "\"ts_ms\":1763632800123,\"network_context\":{\"interface_type\":\"wifi\","
                        + "\"vpn_enabled\":false,\"user_label\":\"büro\"},\"timings\":{\"dns_ms\":3.1,\"tcp_ms\":11.2,"
                        + "\"tls_ms\":18.9,\"http_ttfb_ms\":45.7},\"throughput_kbps\":48211.5,"
                        + "\"error_stage\":null,\"error_type\":null}]");
    }

    @Test
    void aStageThatDidNotHappenIsNullAndAFailureNamesItsStage() {
        var event = new QoeEvent(
                ID,
                "c",
                "http://192.0.2.1/",
                0,
                NetworkContext.UNKNOWN,
                null,
                null,
                null,
                null,
                null,
                Stage.TCP,
                "timeout");

        assertThat(json(List.of(event, event)))
                .contains("\"timings\":{\"dns_ms\":null,\"tcp_ms\":null,\"tls_ms\":null,\"http_ttfb_ms\":null}")
                .contains("{\"interface_type\":null,\"vpn_enabled\":null,\"user_label\":null}")
                .contains("\"error_stage\":\"TCP\",\"error_type\":\"timeout\"}");
    }

    @Test
    void noEventsAreAnEmptyArray() {
        assertThat(json(List.of())).isEqualTo("[]");
    }

    private static String json(List<QoeEvent> events) {
        return new String(QoeEventWriter.toJson(events), StandardCharsets.UTF_8);
    }
}

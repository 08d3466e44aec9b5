package io.sonde.bench;

import io.sonde.core.Sample;
import io.sonde.qoe.QoeKind;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/** Events as a probe sends them, about 350 bytes each. */
record SondeDialect(String token) implements Dialect {
    private static final String NO_ID = "00000000-0000-0000-0000-000000000000";
    private static final String NO_TIME = "0000000000000";

    @Override
    public String head(URI server) {
        return "POST /api/v1/events HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\n";
    }

    @Override
    public String begin() {
        return "[";
    }

    @Override
    public String between() {
        return ",";
    }

    @Override
    public String end() {
        return "]";
    }

    @Override
    public Places append(MadeUpEvent event, StringBuilder to) {
        to.append("{\"schema_version\":1,\"event_id\":\"");
        int idAt = to.length();
        to.append(NO_ID).append("\",\"client_id\":\"").append(event.client());
        to.append("\",\"target\":\"").append(event.target()).append("\",\"ts_ms\":");
        int timeAt = to.length();
        to.append(NO_TIME);
        to.append(",\"network_context\":{\"interface_type\":\"wifi\",\"vpn_enabled\":false,\"user_label\":\"bench\"}");
        to.append(String.format(
                Locale.ROOT,
                ",\"timings\":{\"dns_ms\":%.3f,\"tcp_ms\":%.3f,\"tls_ms\":%.3f,\"http_ttfb_ms\":%.3f}",
                event.dnsMs(),
                event.tcpMs(),
                event.tlsMs(),
                event.ttfbMs()));
        to.append(String.format(Locale.ROOT, ",\"throughput_kbps\":%.1f", event.throughputKbps()));
        if (event.error() != Sample.SUCCESS) {
            to.append(",\"error_stage\":\"").append(QoeKind.KIND.errorStages().get(event.error()));
            to.append("\",\"error_type\":\"timeout\"");
        }
        to.append('}');
        return new Places(idAt, timeAt);
    }

    @Override
    public boolean fits(Answer answer, Said said) throws IOException {
        return answer.status() == 202
                && Acknowledgement.parse(answer.body()).fits(said.events(), said.repeated(), said.attempts());
    }
}

package io.sonde.app.node;

import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event of a test as it is sent; what it should come to is worked out from this and nothing of the product. */
record Sent(
        UUID id,
        String client,
        String target,
        long tsMs,
        @Nullable Double[] values,
        @Nullable String errorStage,
        boolean broken) {
    private static final String[] FIELDS = {"dns_ms", "tcp_ms", "tls_ms", "http_ttfb_ms"};

    String json() {
        StringBuilder json = new StringBuilder(360)
                .append("{\"schema_version\":")
                .append(broken ? 99 : 1)
                .append(",\"event_id\":\"")
                .append(id)
                .append("\",\"client_id\":\"")
                .append(client)
                .append("\",\"target\":\"")
                .append(target)
                .append("\",\"ts_ms\":")
                .append(tsMs)
                .append(",\"network_context\":{\"interface_type\":\"wifi\",\"vpn_enabled\":false},\"timings\":{");
        for (int i = 0; i < FIELDS.length; i++) {
            json.append(i == 0 ? "\"" : ",\"").append(FIELDS[i]).append("\":").append(number(values[i]));
        }
        json.append("},\"throughput_kbps\":").append(number(values[4]));
        if (errorStage != null) {
            json.append(",\"error_stage\":\"").append(errorStage).append("\",\"error_type\":\"timeout\"");
        }
        return json.append('}').toString();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sent that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Sent[" + id + " " + Arrays.toString(values) + "]";
    }
}

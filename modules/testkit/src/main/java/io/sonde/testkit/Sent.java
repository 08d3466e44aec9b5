package io.sonde.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event of a test as it is sent; what it should come to is worked out from this and nothing of the product. */
public record Sent(
        UUID id,
        String client,
        String target,
        long tsMs,
        List<@Nullable Double> values,
        @Nullable String errorStage,
        boolean broken) {
    private static final int CLIENTS = 20;
    private static final int TARGETS = 5;
    private static final String[] FIELDS = {"dns_ms", "tcp_ms", "tls_ms", "http_ttfb_ms"};

    /** Events of one minute, of {@value #CLIENTS} clients and {@value #TARGETS} targets; some failed, some stages missing. */
    public static List<Sent> random(Random random, int count, long minute, boolean broken) {
        List<Sent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            List<@Nullable Double> values = new ArrayList<>();
            for (int m = 0; m < Expected.MEASURES.size(); m++) {
                values.add(random.nextInt(4) == 0 ? null : random.nextInt(500_000) / 1_000.0);
            }
            events.add(new Sent(
                    new UUID(random.nextLong(), random.nextLong()),
                    "client-" + random.nextInt(CLIENTS),
                    "http://target-" + random.nextInt(TARGETS) + "/",
                    minute + random.nextInt(60_000),
                    values,
                    random.nextInt(20) == 0 ? Expected.STAGES.get(random.nextInt(Expected.STAGES.size())) : null,
                    broken));
        }
        return events;
    }

    public String json() {
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
            json.append(i == 0 ? "\"" : ",\"").append(FIELDS[i]).append("\":").append(number(values.get(i)));
        }
        json.append("},\"throughput_kbps\":").append(number(values.get(4)));
        if (errorStage != null) {
            json.append(",\"error_stage\":\"").append(errorStage).append("\",\"error_type\":\"timeout\"");
        }
        return json.append('}').toString();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }
}

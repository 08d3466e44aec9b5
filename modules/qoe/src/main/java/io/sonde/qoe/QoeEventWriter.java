package io.sonde.qoe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as the edge takes them: a JSON array, schema version 1, every field written, null where there is none; the
 * trace alone only where there is one. */
public final class QoeEventWriter {
    /** Goes into every event; the edge refuses versions it does not know. */
    public static final int SCHEMA_VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();
    private static final int BYTES_PER_EVENT = 512;

    private QoeEventWriter() {}

    /** UTF-8, in the order given. */
    public static byte[] toJson(List<QoeEvent> events) {
        var bytes = new ByteArrayOutputStream(2 + BYTES_PER_EVENT * events.size());
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (QoeEvent event : events) {
                write(json, event);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, QoeEvent event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("schema_version", SCHEMA_VERSION);
        json.writeStringField("event_id", event.eventId().toString());
        json.writeStringField("client_id", event.clientId());
        json.writeStringField("target", event.target());
        json.writeNumberField("ts_ms", event.tsMs());
        write(json, event.networkContext());
        json.writeObjectFieldStart("timings");
        number(json, "dns_ms", event.dnsMs());
        number(json, "tcp_ms", event.tcpMs());
        number(json, "tls_ms", event.tlsMs());
        number(json, "http_ttfb_ms", event.httpTtfbMs());
        json.writeEndObject();
        number(json, "throughput_kbps", event.throughputKbps());
        Stage stage = event.errorStage();
        json.writeStringField("error_stage", stage == null ? null : stage.name());
        json.writeStringField("error_type", event.errorType());
        if (event.traceparent() != null) {
            json.writeStringField("traceparent", event.traceparent());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, NetworkContext context) throws IOException {
        json.writeObjectFieldStart("network_context");
        json.writeStringField("interface_type", context.interfaceType());
        json.writeFieldName("vpn_enabled");
        Boolean vpn = context.vpnEnabled();
        if (vpn == null) {
            json.writeNull();
        } else {
            json.writeBoolean(vpn);
        }
        json.writeStringField("user_label", context.userLabel());
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String field, @Nullable Double value) throws IOException {
        json.writeFieldName(field);
        if (value == null) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }
}

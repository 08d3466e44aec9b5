package io.sonde.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One event the way the node takes it, which is also the way the queue keeps it. */
final class EventJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventJson() {}

    static String of(QoeEvent event) {
        byte[] array = QoeEventWriter.toJson(List.of(event));
        return new String(array, 1, array.length - 2, StandardCharsets.UTF_8);
    }

    /** What {@code POST /api/v1/events} takes. */
    static byte[] array(List<String> events) {
        return ("[" + String.join(",", events) + "]").getBytes(StandardCharsets.UTF_8);
    }

    static boolean isOf(String clientId, String event) {
        try {
            return clientId.equals(JSON.readTree(event).path("client_id").asText());
        } catch (IOException e) {
            return false;
        }
    }
}

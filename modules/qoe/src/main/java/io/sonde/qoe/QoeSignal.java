package io.sonde.qoe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sonde.core.Kind;
import io.sonde.core.MalformedBody;
import io.sonde.core.Reading;
import io.sonde.core.Readings;
import io.sonde.core.Refusal;
import io.sonde.core.RulePack;
import io.sonde.core.Signal;
import io.sonde.core.Thresholds;
import io.sonde.core.WindowGauge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Network QoE: events of schema version 1 in JSON (RFC 8259, UTF-8).
 *
 * <p>Required are {@code schema_version}, {@code event_id}, {@code client_id}, {@code target} and {@code ts_ms}: without one
 * of them an event belongs to no window. {@code network_context} and each of its parts may be absent or null, because a
 * client that cannot tell its interface should say nothing rather than invent it. An absent or null number is a stage that
 * did not happen. Unknown fields are skipped and counted, so a newer client of the same version keeps working.
 */
public final class QoeSignal implements Signal {
    /** Deeper than any event; what lies deeper in an unknown field is not worth the stack. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_MESSAGE = 300;
    private static final JsonFactory JSON = ((JsonFactoryBuilder) JsonFactory.builder())
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final EventReader.Known known = new EventReader.Known();

    @Override
    public Kind kind() {
        return QoeKind.KIND;
    }

    @Override
    public List<WindowGauge> gauges() {
        return BlackboxGauges.ALL;
    }

    @Override
    public RulePack rules(Thresholds thresholds) {
        return QoeRules.pack(thresholds);
    }

    @Override
    public Readings read(byte[] body, boolean lines, long recvTsMs, int maxEvents) throws MalformedBody {
        var reader = new Body(known, recvTsMs, maxEvents);
        if (lines) {
            reader.readLines(body);
        } else {
            reader.readDocument(body);
        }
        return new Readings(reader.events, reader.unknown.counts(), reader.versions);
    }

    /** One request's events as they are found. */
    private static final class Body {
        private final List<Reading> events = new ArrayList<>();
        private final UnknownFields unknown = new UnknownFields();
        private final Map<String, Integer> versions = new HashMap<>();
        private final EventReader.Known known;
        private final long recvTsMs;
        private final int maxEvents;
        private Map<String, String> attributes = Map.of();

        Body(EventReader.Known known, long recvTsMs, int maxEvents) {
            this.known = known;
            this.recvTsMs = recvTsMs;
            this.maxEvents = maxEvents;
        }

        void readDocument(byte[] body) throws MalformedBody {
            try (JsonParser json = JSON.createParser(body)) {
                JsonToken token = json.nextToken();
                if (token == JsonToken.START_ARRAY) {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        add(readEvent(json));
                    }
                } else if (token == JsonToken.START_OBJECT) {
                    add(readEvent(json));
                } else {
                    throw new MalformedBody("expected one event as a JSON object, or an array of events");
                }
                if (json.nextToken() != null) {
                    throw new MalformedBody(at(json.currentTokenLocation().getLineNr(), json)
                            + "the body goes on after its end; send an array, or lines as application/x-ndjson");
                }
            } catch (IOException e) {
                throw new MalformedBody(message(e));
            }
        }

        void readLines(byte[] body) throws MalformedBody {
            int start = 0;
            while (start < body.length) {
                int end = start;
                while (end < body.length && body[end] != '\n') {
                    end++;
                }
                if (!isBlank(body, start, end)) {
                    add(readLine(body, start, end - start));
                }
                start = end + 1;
            }
            if (events.isEmpty()) {
                throw new MalformedBody("expected one event as a JSON object on each line; there is none");
            }
        }

        private Reading readLine(byte[] body, int start, int length) {
            try (JsonParser json = JSON.createParser(body, start, length)) {
                json.nextToken();
                Reading event = readEvent(json);
                return json.nextToken() == null ? event : malformed("expected one JSON object on the line, found more");
            } catch (IOException e) {
                return malformed(message(e));
            }
        }

        private Reading readEvent(JsonParser json) throws IOException {
            if (!json.isExpectedStartObjectToken()) {
                json.skipChildren();
                return malformed("expected an event as a JSON object");
            }
            var reader = new EventReader(json, unknown, known);
            Reading event = reader.read(recvTsMs, attributes);
            if (event instanceof Reading.Valid valid) {
                attributes = valid.attributes();
            }
            versions.merge(reader.schemaVersion(), 1, Integer::sum);
            return event;
        }

        private void add(Reading event) throws MalformedBody {
            if (events.size() == maxEvents) {
                throw MalformedBody.tooManyEvents(maxEvents);
            }
            events.add(event);
        }
    }

    private static boolean isBlank(byte[] body, int start, int end) {
        for (int i = start; i < end; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static Reading malformed(String detail) {
        return new Reading.Refused(null, null, Refusal.MALFORMED, detail);
    }

    private static String at(int line, JsonParser json) {
        return "line " + line + ", column " + json.currentTokenLocation().getColumnNr() + ": ";
    }

    private static String message(IOException e) {
        if (e instanceof JsonProcessingException broken && broken.getLocation() != null) {
            return "not JSON at line " + broken.getLocation().getLineNr() + ", column "
                    + broken.getLocation().getColumnNr() + ": "
                    + Texts.clean(withoutAdvice(String.valueOf(broken.getOriginalMessage())), MAX_MESSAGE);
        }
        return "not JSON: " + Texts.clean(String.valueOf(e.getMessage()), MAX_MESSAGE);
    }

    /** Jackson's for its own users: "NaN: enable `JsonReadFeature…` to allow". */
    private static String withoutAdvice(String message) {
        int advice = message.indexOf(": enable `");
        return advice < 0 ? message : message.substring(0, advice);
    }
}

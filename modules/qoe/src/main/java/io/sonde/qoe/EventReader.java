package io.sonde.qoe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sonde.core.Reading;
import io.sonde.core.TraceContext;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one event from a parser that stands at its opening brace, and leaves it at the closing one. */
final class EventReader {
    private static final double MAX_TIMING_MS = 600_000;
    /** 1 Tbit/s: above any link there is, below what would drown a mean. */
    private static final double MAX_KBPS = 1e9;

    private static final int MAX_ID_ECHO = 64;
    private static final int MAX_CLIENT_ID = 255;
    private static final int MAX_LABEL = 255;
    private static final int MAX_WORD = 64;
    private static final Pattern WORD = Pattern.compile("[a-z0-9_]{1," + MAX_WORD + "}");
    private static final Map<String, Stage> STAGES =
            Stream.of(Stage.values()).collect(Collectors.toMap(Stage::name, Function.identity()));

    private final JsonParser json;
    private final UnknownFields unknown;
    private final Known known;
    private final EventDraft draft = new EventDraft();

    /** What events say again and again. */
    record Known(KnownTexts clients, KnownTexts targets, KnownTexts interfaces, KnownTexts labels) {
        Known() {
            this(
                    new KnownTexts(
                            1 << 14, text -> !text.isEmpty() && !isTooLong(text, MAX_CLIENT_ID) && Texts.isPlain(text)),
                    new KnownTexts(1 << 14, TargetUrl::isValid),
                    new KnownTexts(1 << 6, text -> !isTooLong(text, MAX_WORD) && Texts.isPlain(text)),
                    new KnownTexts(1 << 12, text -> !isTooLong(text, MAX_LABEL) && Texts.isPlain(text)));
        }
    }

    EventReader(JsonParser json, UnknownFields unknown, Known known) {
        this.json = json;
        this.unknown = unknown;
        this.known = known;
    }

    /** @param attributes of the event before, which are usually this one's too */
    Reading read(long recvTsMs, Map<String, String> attributes) throws IOException {
        readObject(Field.Group.EVENT);
        return draft.finish(recvTsMs, attributes);
    }

    String schemaVersion() {
        return draft.schemaVersion();
    }

    private void readObject(Field.Group group) throws IOException {
        Map<String, Field> fields = group.fields();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            Field field = fields.get(name);
            JsonToken token = json.nextToken();
            if (field == null) {
                unknown.count(group.prefix() + name);
                json.skipChildren();
            } else if (!draft.sawFirst(field) || token == JsonToken.VALUE_NULL) {
                json.skipChildren();
            } else {
                draft.hasValue(field);
                readValue(field, token);
            }
        }
    }

    private void readValue(Field field, JsonToken token) throws IOException {
        switch (field) {
            case SCHEMA_VERSION -> readVersion(token);
            case EVENT_ID -> readId(token);
            case CLIENT_ID -> readClientId(token);
            case TARGET -> readTarget(token);
            case TS_MS -> readTime(token);
            case NETWORK_CONTEXT -> readNested(field, Field.Group.NETWORK_CONTEXT, token);
            case TIMINGS -> readNested(field, Field.Group.TIMINGS, token);
            case INTERFACE_TYPE -> readAttribute(field, token, known.interfaces(), MAX_WORD);
            case USER_LABEL -> readAttribute(field, token, known.labels(), MAX_LABEL);
            case VPN_ENABLED -> readVpn(token);
            case DNS_MS -> readNumber(field, token, 0, MAX_TIMING_MS);
            case TCP_MS -> readNumber(field, token, 1, MAX_TIMING_MS);
            case TLS_MS -> readNumber(field, token, 2, MAX_TIMING_MS);
            case HTTP_TTFB_MS -> readNumber(field, token, 3, MAX_TIMING_MS);
            case THROUGHPUT_KBPS -> readNumber(field, token, 4, MAX_KBPS);
            case ERROR_STAGE -> readStage(token);
            case ERROR_TYPE -> readType(token);
            case TRACEPARENT -> readTrace(token);
        }
    }

    private void readVersion(JsonToken token) throws IOException {
        draft.version(token.isScalarValue() ? json.getText() : "");
        json.skipChildren();
    }

    private void readId(JsonToken token) throws IOException {
        if (isText(Field.EVENT_ID, token)) {
            UUID id = EventIds.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
            if (id == null) {
                draft.unreadableId(Texts.clean(json.getText(), MAX_ID_ECHO));
                draft.refuse(Field.EVENT_ID, "expected a UUID of 36 characters, as in RFC 9562");
            } else {
                draft.id(id);
            }
        }
    }

    private void readClientId(JsonToken token) throws IOException {
        if (isText(Field.CLIENT_ID, token)) {
            String text = known.clients().read(json);
            if (text == null) {
                draft.refuse(Field.CLIENT_ID, "expected 1 to " + MAX_CLIENT_ID + " characters, no control characters");
            } else {
                draft.clientId(text);
            }
        }
    }

    private void readTarget(JsonToken token) throws IOException {
        if (isText(Field.TARGET, token)) {
            String text = known.targets().read(json);
            if (text == null) {
                draft.refuse(Field.TARGET, TargetUrl.EXPECTED);
            } else {
                draft.target(text);
            }
        }
    }

    private void readTime(JsonToken token) throws IOException {
        boolean isLong =
                token == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long epochMs = isLong ? json.getLongValue() : 0;
        if (epochMs <= 0) {
            draft.refuse(Field.TS_MS, "expected milliseconds since 1970 as a positive integer");
        }
        json.skipChildren();
        draft.tsMs(epochMs);
    }

    private void readNested(Field field, Field.Group group, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            readObject(group);
        } else {
            draft.refuse(field, "expected an object");
            json.skipChildren();
        }
    }

    private void readAttribute(Field field, JsonToken token, KnownTexts texts, int max) throws IOException {
        if (isText(field, token)) {
            String text = texts.read(json);
            if (text == null) {
                draft.refuse(field, "expected at most " + max + " characters, no control characters");
            } else if (!text.isEmpty()) {
                draft.attribute(field, text);
            }
        }
    }

    private void readVpn(JsonToken token) throws IOException {
        if (token.isBoolean()) {
            draft.attribute(Field.VPN_ENABLED, token == JsonToken.VALUE_TRUE ? "true" : "false");
        } else {
            draft.refuse(Field.VPN_ENABLED, "expected true or false");
            json.skipChildren();
        }
    }

    /** {@code + 0.0} makes zero of minus zero, which sorts before it. */
    private void readNumber(Field field, JsonToken token, int measure, double max) throws IOException {
        double value = token.isNumeric() ? json.getDoubleValue() : Double.NaN;
        if (value >= 0 && value <= max) {
            draft.value(measure, value + 0.0);
        } else {
            draft.refuse(field, "expected a number from 0 to " + (long) max + ", or null when there is none");
            json.skipChildren();
        }
    }

    private void readStage(JsonToken token) throws IOException {
        if (isText(Field.ERROR_STAGE, token)) {
            Stage stage = json.getTextLength() > MAX_WORD
                    ? null
                    : STAGES.get(json.getText().toUpperCase(Locale.ROOT));
            if (stage == null) {
                draft.refuse(Field.ERROR_STAGE, "expected DNS, TCP, TLS, HTTP, THROUGHPUT or null");
            } else {
                draft.stage(stage);
            }
        }
    }

    private void readType(JsonToken token) throws IOException {
        if (isText(Field.ERROR_TYPE, token)) {
            String word = json.getTextLength() > MAX_WORD ? "" : json.getText().toLowerCase(Locale.ROOT);
            if (!WORD.matcher(word).matches()) {
                draft.refuse(Field.ERROR_TYPE, "expected 1 to " + MAX_WORD + " letters a-z, digits and underscores");
            }
            draft.type(word);
        }
    }

    private void readTrace(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            TraceContext.parse(json.getText()).ifPresent(draft::trace);
        } else {
            json.skipChildren();
        }
    }

    /** False, and the event refused, when the value is none. */
    private boolean isText(Field field, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return true;
        }
        draft.refuse(field, "expected a string");
        json.skipChildren();
        return false;
    }

    private static boolean isTooLong(String text, int max) {
        return text.length() > max && Texts.length(text) > max;
    }
}

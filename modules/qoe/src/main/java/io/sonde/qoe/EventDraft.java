package io.sonde.qoe;

import io.sonde.core.Minute;
import io.sonde.core.Reading;
import io.sonde.core.Refusal;
import io.sonde.core.Sample;
import io.sonde.core.TraceContext;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has been read of one event so far, and the first thing that was wrong with it. */
final class EventDraft {
    /** How far a client's clock may be ahead of ours. */
    private static final String UNKNOWN_TYPE = "unknown";

    private final Set<Field> seen = EnumSet.noneOf(Field.class);
    private final Set<Field> present = EnumSet.noneOf(Field.class);
    /** By {@link Field#ATTRIBUTES}. */
    private final @Nullable String[] attributes = new @Nullable String[Field.ATTRIBUTES.size()];

    private final double[] values = new double[QoeKind.KIND.measures().size()];
    private String version = "";
    private @Nullable String unreadableId;
    private @Nullable UUID id;
    private String clientId = "";
    private String target = "";
    private long tsMs;
    private @Nullable Stage stage;
    private @Nullable String type;
    private @Nullable TraceContext trace;
    private @Nullable Refusal refusal;
    private String detail = "";

    EventDraft() {
        Arrays.fill(values, Double.NaN);
    }

    /** False, and the event refused, when the field was there before. */
    boolean sawFirst(Field field) {
        boolean first = seen.add(field);
        if (!first) {
            refuse(field, "is there twice");
        }
        return first;
    }

    void hasValue(Field field) {
        present.add(field);
    }

    void refuse(Field field, String problem) {
        if (refusal == null) {
            refusal = Refusal.INVALID_FIELD;
            detail = field.path() + ": " + problem;
        }
    }

    void version(String sent) {
        version = sent;
    }

    void id(UUID sent) {
        id = sent;
    }

    /** @param sent what of it may be said back */
    void unreadableId(String sent) {
        unreadableId = sent;
    }

    /** @param text a valid one */
    void clientId(String text) {
        clientId = text;
    }

    void target(String url) {
        target = url;
    }

    void tsMs(long epochMs) {
        tsMs = epochMs;
    }

    void value(int measure, double value) {
        values[measure] = value;
    }

    void attribute(Field field, String text) {
        attributes[Field.ATTRIBUTES.indexOf(field)] = text;
    }

    void stage(Stage failed) {
        stage = failed;
    }

    void type(String failure) {
        type = failure;
    }

    void trace(TraceContext context) {
        trace = context;
    }

    String schemaVersion() {
        if (!present.contains(Field.SCHEMA_VERSION)) {
            return "missing";
        }
        return isKnownVersion() ? String.valueOf(QoeEventWriter.SCHEMA_VERSION) : "other";
    }

    /** An unknown version comes before all else: its other fields may mean something else. */
    Reading finish(long recvTsMs, Map<String, String> former) {
        if (present.contains(Field.SCHEMA_VERSION) && !isKnownVersion()) {
            return refused(Refusal.UNKNOWN_SCHEMA_VERSION, "schema_version: expected 1, \"1\" or \"1.0\"");
        }
        if (!present.containsAll(Field.REQUIRED)) {
            return refused(Refusal.MISSING_FIELD, missing() + ": required");
        }
        if (refusal != null) {
            return refused(refusal, detail);
        }
        if (tsMs > recvTsMs + Minute.AHEAD_MS) {
            return refused(Refusal.CLOCK_SKEW, skew(recvTsMs));
        }
        if (type != null && stage == null) {
            return refused(Refusal.INVALID_FIELD, "error_type: only together with an error_stage");
        }
        return valid(former);
    }

    private Reading valid(Map<String, String> former) {
        if (id == null) {
            throw new IllegalStateException("an event without refusal has an id");
        }
        values[QoeKind.TOTAL] = total();
        String reason = type == null ? UNKNOWN_TYPE : type;
        return new Reading.Valid(
                clientId,
                isOf(former) ? former : attributes(),
                stage == null
                        ? new Sample(id, target, tsMs, values, Sample.SUCCESS, "")
                        : new Sample(
                                id,
                                target,
                                tsMs,
                                values,
                                QoeKind.KIND.errorStages().indexOf(stage.name()),
                                reason),
                trace);
    }

    /** To the µs. A stage that did not happen took no time; without a first byte there is no total. */
    private double total() {
        double total = values[QoeKind.TTFB];
        for (int stage = QoeKind.DNS; stage < QoeKind.TTFB; stage++) {
            if (!Double.isNaN(values[stage])) {
                total += values[stage];
            }
        }
        return Math.rint(total * 1_000) / 1_000;
    }

    private boolean isKnownVersion() {
        return version.equals("1") || version.equals("1.0");
    }

    private boolean isOf(Map<String, String> former) {
        int said = 0;
        for (int i = 0; i < attributes.length; i++) {
            String text = attributes[i];
            if (text != null) {
                said++;
                if (!text.equals(former.get(Field.ATTRIBUTES.get(i).key()))) {
                    return false;
                }
            }
        }
        return said == former.size();
    }

    private Map<String, String> attributes() {
        Map<String, String> said = new HashMap<>();
        for (int i = 0; i < attributes.length; i++) {
            String text = attributes[i];
            if (text != null) {
                said.put(Field.ATTRIBUTES.get(i).key(), text);
            }
        }
        return said;
    }

    private String missing() {
        return Field.REQUIRED.stream()
                .filter(field -> !present.contains(field))
                .sorted()
                .map(Field::path)
                .collect(Collectors.joining(", "));
    }

    private String skew(long recvTsMs) {
        return "ts_ms: " + (tsMs - recvTsMs) / 1_000 + " s ahead of the clock here, at most " + Minute.AHEAD_MS / 1_000
                + " s are taken; set the client's clock";
    }

    private Reading.Refused refused(Refusal reason, String why) {
        return new Reading.Refused(
                clientId.isEmpty() ? null : clientId, id == null ? unreadableId : id.toString(), reason, why);
    }
}

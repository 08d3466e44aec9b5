package io.sonde.query;

import io.sonde.core.Kind;
import io.sonde.core.Measure;
import io.sonde.edge.Problem;
import io.sonde.edge.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What stands behind the {@code ?} of a request. Whatever is wrong is answered 400, naming what was expected. */
public final class Parameters {
    public static final int USUAL_LIMIT = 100;
    static final int MOST = 1_000;

    private static final Pattern EPOCH_MS = Pattern.compile("[0-9]{1,15}");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
    private static final int LONGEST_GIVEN = 100;
    private static final int LONGEST_MEASURE = 100;
    private static final int LONGEST_WORD = 20;

    private final Map<String, List<String>> given;

    /** @param allowed their names; others are refused, so that a typing error does not ask for something else */
    public Parameters(Map<String, List<String>> given, Set<String> allowed) {
        this.given = Map.copyOf(given);
        new TreeMap<>(given).forEach((name, values) -> {
            if (!allowed.contains(name)) {
                throw invalid(
                        name,
                        String.join(", ", values),
                        allowed.isEmpty()
                                ? "no parameters here"
                                : "one of the parameters " + String.join(", ", new TreeSet<>(allowed)));
            }
        });
    }

    private Parameters(Map<String, List<String>> given) {
        this.given = given;
    }

    /** One more, which stood in the path. */
    Parameters with(String name, String value) {
        Map<String, List<String>> more = new HashMap<>(given);
        more.put(name, List.of(value));
        return new Parameters(more);
    }

    public Optional<String> text(String name, int longest) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String value = values.get(0);
        if (values.size() > 1) {
            throw invalid(name, String.join(", ", values), "it once");
        }
        if (value.isEmpty() || value.codePointCount(0, value.length()) > longest || value.indexOf('\0') >= 0) {
            throw invalid(name, value, "1 to " + longest + " characters, or to leave it out");
        }
        return Optional.of(value);
    }

    String required(String name, int longest) {
        return text(name, longest).orElseThrow(() -> invalid(name, "", "it: this cannot be answered without"));
    }

    /** Epoch ms. */
    public OptionalLong time(String name) {
        Optional<String> text = text(name, 64);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(time(name, text.get()));
    }

    public int limit() {
        return limit(USUAL_LIMIT, MOST);
    }

    public int limit(int usual, int most) {
        Optional<String> text = text("limit", 20);
        if (text.isEmpty()) {
            return usual;
        }
        if (!text.get().matches("[0-9]{1,4}")
                || Integer.parseInt(text.get()) < 1
                || Integer.parseInt(text.get()) > most) {
            throw invalid("limit", text.get(), "a number from 1 to " + most);
        }
        return Integer.parseInt(text.get());
    }

    /** Its index among those of the kind. */
    int measure(Kind kind) {
        String name = required("measure", LONGEST_MEASURE);
        List<String> names = kind.measures().stream().map(Measure::name).toList();
        if (!names.contains(name)) {
            throw invalid("measure", name, "one of " + String.join(", ", names));
        }
        return names.indexOf(name);
    }

    /** One of some words. */
    <T> Optional<T> word(String name, Function<String, Optional<T>> of, List<String> words) {
        return text(name, LONGEST_WORD).map(word -> of.apply(word)
                .orElseThrow(() -> invalid(name, word, "one of " + String.join(", ", words))));
    }

    /** @param of which list it must have been handed out with */
    public Optional<Cursor> cursor(String of, int parts) {
        return text("cursor", 16_384).map(text -> Cursor.parse(text, of, parts)
                .orElseThrow(() -> invalid("cursor", text, "the unchanged next of an answer to the same question")));
    }

    public static ProblemException invalid(String name, String value, String expected) {
        String shown = value.length() > LONGEST_GIVEN ? value.substring(0, LONGEST_GIVEN) + "…" : value;
        return new ProblemException(new Problem(
                        400,
                        "invalid-parameter",
                        "Invalid parameter",
                        "Parameter " + name + (value.isEmpty() ? "" : " is \"" + shown + "\"") + ": expected "
                                + expected + ".")
                .with(json -> {
                    json.writeStringField("parameter", name);
                    json.writeStringField("given", shown);
                    json.writeStringField("expected", expected);
                }));
    }

    static long time(String name, String text) {
        if (EPOCH_MS.matcher(text).matches()) {
            long epochMs = Long.parseLong(text);
            if (epochMs < LATEST.toEpochMilli()) {
                return epochMs;
            }
        }
        try {
            // A plus that was not escaped arrives as a space.
            Instant time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
            if (time.isBefore(LATEST) && !time.isBefore(Instant.EPOCH)) {
                return time.toEpochMilli();
            }
        } catch (DateTimeException e) {
            throw invalid(name, text, timeForm());
        }
        throw invalid(name, text, timeForm());
    }

    private static String timeForm() {
        return "a time from 1970 as ISO-8601 with its offset (2026-11-20T10:00:00Z) or as epoch ms (1795168800000)";
    }
}

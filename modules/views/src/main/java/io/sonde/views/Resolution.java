package io.sonde.views;

import io.sonde.core.Minute;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How long the windows are that are asked for, and how much time one question may span. */
public enum Resolution {
    MINUTE("1m", Minute.LENGTH_MS, Duration.ofDays(7), Duration.ofHours(1)),
    FIVE_MINUTES("5m", 5 * Minute.LENGTH_MS, Duration.ofDays(31), Duration.ofHours(6)),
    HOUR("1h", 60 * Minute.LENGTH_MS, Duration.ofDays(92), Duration.ofDays(1)),
    DAY("1d", 24 * 60 * Minute.LENGTH_MS, Duration.ofDays(400), Duration.ofDays(30));

    private final String code;
    private final long lengthMs;
    private final Duration longestSpan;
    private final Duration usualSpan;

    Resolution(String code, long lengthMs, Duration longestSpan, Duration usualSpan) {
        this.code = code;
        this.lengthMs = lengthMs;
        this.longestSpan = longestSpan;
        this.usualSpan = usualSpan;
    }

    /** As in requests and answers: {@code 5m}. */
    public String code() {
        return code;
    }

    public long lengthMs() {
        return lengthMs;
    }

    public Duration longestSpan() {
        return longestSpan;
    }

    /** What is shown to someone who does not say from when. */
    public Duration usualSpan() {
        return usualSpan;
    }

    /** The start of the window that holds this time; windows of every resolution start on multiples of it, in UTC. */
    public long startOf(long tsMs) {
        return Math.floorDiv(tsMs, lengthMs) * lengthMs;
    }

    /** The end of the last window that starts before this time: the time itself where a window starts with it. */
    public long endBefore(long tsMs) {
        return startOf(tsMs - 1) + lengthMs;
    }

    public static Optional<Resolution> of(String code) {
        return Arrays.stream(values()).filter(one -> one.code.equals(code)).findFirst();
    }

    public static List<String> codes() {
        return Arrays.stream(values()).map(Resolution::code).toList();
    }
}

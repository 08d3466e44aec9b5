package io.sonde.core;

import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a sampled trace has come to: the span that whatever happens next is a child of (W3C Trace Context, Level 1). A
 * trace that is not sampled is none here, so there is no flag for it.
 *
 * @param traceHigh the upper half of the trace's id
 * @param traceLow its lower half; not both are 0
 * @param span the span's id, not 0
 */
public record TraceContext(long traceHigh, long traceLow, long span) {
    /** How many traces a batch, a request or a minute of a source is followed for at most; more are not followed on. */
    public static final int MOST = 8;

    /** The header it stands in. */
    public static final String HEADER = "traceparent";

    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;

    public TraceContext {
        if ((traceHigh | traceLow) == 0 || span == 0) {
            throw new IllegalArgumentException("a trace's and a span's id are not 0");
        }
    }

    /** What a {@code traceparent} says, §3.2; empty when it is not sampled, and when it is none. */
    public static Optional<TraceContext> parse(String traceparent) {
        if (traceparent.length() < LENGTH || (Character.digit(traceparent.charAt(LENGTH - 1), 16) & SAMPLED) == 0) {
            return Optional.empty();
        }
        return isWellFormed(traceparent)
                ? of(
                        HexFormat.fromHexDigitsToLong(traceparent, 3, 19),
                        HexFormat.fromHexDigitsToLong(traceparent, 19, 35),
                        HexFormat.fromHexDigitsToLong(traceparent, 36, 52))
                : Optional.empty();
    }

    private static Optional<TraceContext> of(long traceHigh, long traceLow, long span) {
        return (traceHigh | traceLow) == 0 || span == 0
                ? Optional.empty()
                : Optional.of(new TraceContext(traceHigh, traceLow, span));
    }

    /** A later version may be longer and begins like this one; there is no version ff. */
    private static boolean isWellFormed(String text) {
        boolean first = text.startsWith("00");
        if (text.startsWith("ff") || (text.length() > LENGTH && (first || text.charAt(LENGTH) != '-'))) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            char c = text.charAt(i);
            boolean dash = i == 2 || i == 35 || i == 52;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** As it stands in a header. */
    public String traceparent() {
        return "00-" + traceId() + "-" + spanId() + "-01";
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return HexFormat.of().toHexDigits(traceHigh) + HexFormat.of().toHexDigits(traceLow);
    }

    /** 16 hexadecimal digits. */
    public String spanId() {
        return HexFormat.of().toHexDigits(span);
    }

    public boolean isOfSameTrace(TraceContext other) {
        return traceHigh == other.traceHigh && traceLow == other.traceLow;
    }
}

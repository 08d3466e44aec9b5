package io.sonde.views;

/**
 * A time, epoch ms: windows that start in it are meant.
 *
 * @param toMs the first that is not in it
 */
public record Span(long fromMs, long toMs) {
    public Span {
        if (toMs <= fromMs) {
            throw new IllegalArgumentException("it ends before it begins");
        }
    }

    boolean holds(long startMs) {
        return fromMs <= startMs && startMs < toMs;
    }

    /** The whole windows of this length that lie in it; may be none. */
    boolean holdsWhole(Resolution resolution, long startMs) {
        return fromMs <= startMs && startMs + resolution.lengthMs() <= toMs;
    }
}

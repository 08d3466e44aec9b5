package io.sonde.problems;

import io.sonde.core.Glob;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * For some time nobody is told of some problems. A pattern that is null matches all; {@code *} stands for any characters.
 *
 * @param fromMs epoch ms
 * @param untilMs epoch ms, exclusive; the past ends it
 * @param by who wanted it
 */
public record Silence(
        String id,
        String tenant,
        @Nullable String label,
        @Nullable String source,
        @Nullable String target,
        long fromMs,
        long untilMs,
        String by,
        String comment) {
    public Silence {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(by);
        Objects.requireNonNull(comment);
        if (untilMs < fromMs) {
            throw new IllegalArgumentException("a silence ends after it begins");
        }
    }

    Silence endedAt(long nowMs) {
        return new Silence(
                id, tenant, label, source, target, Math.min(fromMs, nowMs), Math.min(untilMs, nowMs), by, comment);
    }

    boolean holds(Problem problem, long nowMs) {
        return fromMs <= nowMs
                && nowMs < untilMs
                && tenant.equals(problem.tenant())
                && matches(label, problem.label())
                && matches(source, problem.source())
                && matches(target, problem.target());
    }

    private static boolean matches(@Nullable String pattern, @Nullable String name) {
        return pattern == null || (name != null && new Glob(pattern).matches(name));
    }
}

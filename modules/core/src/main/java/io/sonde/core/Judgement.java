package io.sonde.core;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is said of a window as a whole.
 *
 * @param label that of the first verdict, or one of the two below
 * @param score quality of experience, 0–100, or {@link #NO_SCORE}
 * @param rules the version of the rules that said it; empty when none was asked
 * @param verdicts all that hold, by precedence
 * @param hidden grave ones that do not hold because of another number that is high, but no higher than noise makes it: they
 *     are no label, and count towards an incident
 */
public record Judgement(String label, int score, String rules, List<Verdict> verdicts, List<Verdict> hidden) {
    public static final String HEALTHY = "healthy";
    /** Nothing can be said: too few samples, or too few windows to compare with. */
    public static final String INSUFFICIENT_DATA = "insufficient-data";

    public static final int NO_SCORE = -1;

    public Judgement {
        Objects.requireNonNull(label);
        Objects.requireNonNull(rules);
        verdicts = List.copyOf(verdicts);
        hidden = List.copyOf(hidden);
        if (score < NO_SCORE || score > 100) {
            throw new IllegalArgumentException("a score of " + score);
        }
    }

    /** Of which nothing is hidden. */
    public Judgement(String label, int score, String rules, List<Verdict> verdicts) {
        this(label, score, rules, verdicts, List.of());
    }

    /** Those worth telling when they last, by precedence. */
    public List<Verdict> grave() {
        return Stream.concat(verdicts.stream(), hidden.stream())
                .filter(Verdict::grave)
                .toList();
    }

    /** What is usual for a series is learned from such windows alone: asked about, and nothing said against them. */
    public boolean isUnblemished() {
        return verdicts.isEmpty() && hidden.isEmpty() && !rules.isEmpty();
    }
}

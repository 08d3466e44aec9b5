package io.sonde.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * All rules of a signal, in the order of their precedence.
 *
 * @param version changes when the same window could get another judgement by the same thresholds
 * @param failures need no baseline
 * @param comparisons are asked only where there is a baseline
 * @param hidden those of them that ask whether other numbers are normal, with noise allowed for
 * @param score 0–100, or {@link Judgement#NO_SCORE} for a window that says too little
 */
public record RulePack(
        String version,
        List<Rule> failures,
        List<Rule> comparisons,
        List<Rule> hidden,
        ToIntFunction<WindowAggregate> score) {
    public RulePack {
        Objects.requireNonNull(version);
        failures = List.copyOf(failures);
        comparisons = List.copyOf(comparisons);
        hidden = List.copyOf(hidden);
        Objects.requireNonNull(score);
    }

    /** @param comparable whether there are enough windows to compare with */
    public Judgement judge(WindowAggregate window, Baselines usual, boolean comparable) {
        List<Verdict> verdicts = new ArrayList<>();
        List<Verdict> behind = new ArrayList<>();
        ask(failures, window, usual, verdicts);
        if (comparable) {
            ask(comparisons, window, usual, verdicts);
            ask(hidden, window, usual, behind);
        }
        behind.removeIf(one -> !one.grave() || isAmong(verdicts, one));
        boolean sayable = comparable && window.success() > 0;
        String otherwise = sayable ? Judgement.HEALTHY : Judgement.INSUFFICIENT_DATA;
        String label = verdicts.isEmpty() ? otherwise : verdicts.get(0).label();
        return new Judgement(label, score.applyAsInt(window), version, verdicts, behind);
    }

    /** Of a window that has too few samples for any rule. */
    public Judgement insufficient() {
        return new Judgement(Judgement.INSUFFICIENT_DATA, Judgement.NO_SCORE, "", List.of());
    }

    private static boolean isAmong(List<Verdict> verdicts, Verdict one) {
        return verdicts.stream().anyMatch(other -> other.label().equals(one.label()));
    }

    private static void ask(List<Rule> rules, WindowAggregate window, Baselines usual, List<Verdict> verdicts) {
        for (Rule rule : rules) {
            rule.judge(window, usual).ifPresent(verdicts::add);
        }
    }
}

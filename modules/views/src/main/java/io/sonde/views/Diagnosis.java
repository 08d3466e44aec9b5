package io.sonde.views;

import io.sonde.core.Judgement;
import io.sonde.core.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a window.
 *
 * @param label null of a minute stored before there were rules, and of longer windows
 * @param score 0–100, or {@link Judgement#NO_SCORE}; of a longer window the mean of its parts, by their events
 * @param rules the version of the rules that said it, null like the label
 * @param verdicts all that hold, by precedence
 */
public record Diagnosis(@Nullable String label, int score, @Nullable String rules, List<Verdict> verdicts) {
    public static final Diagnosis NONE = ofScore(Judgement.NO_SCORE);

    public Diagnosis {
        verdicts = List.copyOf(verdicts);
    }

    /** @param judgement null of what was journalled before there were rules */
    static Diagnosis of(@Nullable Judgement judgement) {
        return judgement == null
                ? NONE
                : new Diagnosis(judgement.label(), judgement.score(), judgement.rules(), judgement.verdicts());
    }

    static Diagnosis ofScore(int score) {
        return new Diagnosis(null, score, null, List.of());
    }

    public boolean hasScore() {
        return score != Judgement.NO_SCORE;
    }

    /** As it is after it was stored. */
    Diagnosis storable() {
        return new Diagnosis(storable(label), score, storable(rules), VerdictJson.storable(verdicts));
    }

    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : StoredText.of(text);
    }
}

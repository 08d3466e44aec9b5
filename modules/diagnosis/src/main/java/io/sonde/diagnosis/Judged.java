package io.sonde.diagnosis;

import io.sonde.core.Judgement;
import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Optional;

/**
 * What was said of a window.
 *
 * @param grave those of its verdicts that are worth telling, by precedence
 */
record Judged(long revision, String label, String rules, List<Verdict> grave) {
    Judged {
        grave = List.copyOf(grave);
    }

    static Judged of(WindowAggregate window, Judgement judgement) {
        return new Judged(window.revision(), judgement.label(), judgement.rules(), judgement.grave());
    }

    /** Of a release that had no rules. */
    static Judged unlabelled(long revision) {
        return new Judged(revision, "", "", List.of());
    }

    /** What counts towards an incident: of several only the first. */
    Optional<Verdict> first() {
        return grave.stream().findFirst();
    }

    Optional<Verdict> grave(String by) {
        return grave.stream().filter(verdict -> verdict.label().equals(by)).findFirst();
    }

    void write(Packer to) {
        to.count(revision).text(label).text(rules);
        JudgementFormat.writeVerdicts(grave, to);
    }

    static Judged read(Unpacker from) {
        return new Judged(from.count(), from.text(), from.text(), JudgementFormat.readVerdicts(from));
    }
}

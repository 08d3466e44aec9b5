package io.sonde.diagnosis;

import io.sonde.core.Evidence;
import io.sonde.core.EvidenceFormat;
import io.sonde.core.Judgement;
import io.sonde.core.Packer;
import io.sonde.core.Unpacker;
import io.sonde.core.UnreadableFormat;
import io.sonde.core.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Judgements as bytes, inside events and snapshots that carry the version. */
final class JudgementFormat {
    private JudgementFormat() {}

    static void write(Judgement judgement, Packer to) {
        to.text(judgement.label()).signed(judgement.score()).text(judgement.rules());
        writeVerdicts(judgement.verdicts(), to);
        writeVerdicts(judgement.hidden(), to);
    }

    static Judgement read(Unpacker from) {
        String label = from.text();
        long score = from.signed();
        if (score < Judgement.NO_SCORE || score > 100) {
            throw new UnreadableFormat("a score of " + score);
        }
        return new Judgement(label, (int) score, from.text(), readVerdicts(from), readVerdicts(from));
    }

    static void writeVerdicts(List<Verdict> verdicts, Packer to) {
        to.count(verdicts.size());
        verdicts.forEach(verdict -> write(verdict, to));
    }

    static List<Verdict> readVerdicts(Unpacker from) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int left = from.size(4); left > 0; left--) {
            verdicts.add(readVerdict(from));
        }
        return verdicts;
    }

    static void write(Verdict verdict, Packer to) {
        to.text(verdict.label()).u8(verdict.grave() ? 1 : 0).number(verdict.severity());
        EvidenceFormat.write(verdict.evidence(), to);
    }

    static Verdict readVerdict(Unpacker from) {
        String label = from.text();
        boolean grave = from.u8() == 1;
        double severity = from.number();
        List<Evidence> evidence = EvidenceFormat.read(from);
        if (evidence.isEmpty()) {
            throw new UnreadableFormat("a verdict without evidence: " + label);
        }
        return new Verdict(label, grave, severity, evidence);
    }
}

package io.sonde.core;

import java.util.ArrayList;
import java.util.List;

/** Evidence as bytes, inside formats that carry the version. */
public final class EvidenceFormat {
    private EvidenceFormat() {}

    public static void write(List<Evidence> evidence, Packer to) {
        to.count(evidence.size());
        for (Evidence one : evidence) {
            to.text(one.of()).text(one.unit()).number(one.observed()).number(one.threshold());
            write(one.recent(), to);
            write(one.sameHour(), to);
        }
    }

    public static List<Evidence> read(Unpacker from) {
        List<Evidence> evidence = new ArrayList<>();
        for (int left = from.size(6); left > 0; left--) {
            String of = from.text();
            String unit = from.text();
            double observed = from.number();
            double threshold = from.number();
            evidence.add(new Evidence(of, unit, observed, norm(from), norm(from), threshold));
        }
        return evidence;
    }

    private static void write(Norm norm, Packer to) {
        to.count(norm.windows());
        if (norm.isKnown()) {
            to.number(norm.mean()).number(norm.deviation());
        }
    }

    private static Norm norm(Unpacker from) {
        int windows = from.small();
        return windows == 0 ? Norm.NONE : new Norm(from.number(), from.number(), windows);
    }
}

package io.sonde.qoe;

import io.sonde.core.Baselines;
import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Rule;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Errors dominate a window. The stage that failed most names it; of two alike the earlier, without which the later could not
 * have been.
 *
 * @param share of a window's events that failed, 0–1
 * @param count at least so many
 */
record QoeFailures(double share, double count) implements Rule {
    /** In the order of the kind's error stages. */
    static final List<String> LABELS =
            List.of("resolver-failure", "connect-failure", "tls-failure", "http-failure", "transfer-failure");

    @Override
    public Optional<Verdict> judge(WindowAggregate window, Baselines usual) {
        double failed = (double) window.error() / window.total();
        int worst = worst(window.errors());
        if (failed < share || window.error() < Math.max(1, count) || worst >= LABELS.size()) {
            return Optional.empty();
        }
        String stage = QoeKind.KIND.errorStages().get(worst).toLowerCase(Locale.ROOT);
        return Optional.of(new Verdict(
                LABELS.get(worst),
                true,
                failed,
                List.of(
                        new Evidence("count_error / count_total", "", failed, Norm.NONE, Norm.NONE, share),
                        new Evidence(
                                stage + "_error_count",
                                "events",
                                window.errors().get(worst),
                                Norm.NONE,
                                Norm.NONE,
                                Math.max(1, count)))));
    }

    private static int worst(List<Long> errors) {
        int worst = 0;
        for (int stage = 1; stage < errors.size(); stage++) {
            if (errors.get(stage) > errors.get(worst)) {
                worst = stage;
            }
        }
        return worst;
    }
}

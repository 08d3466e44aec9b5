package io.sonde.qoe;

import io.sonde.core.Baselines;
import io.sonde.core.Evidence;
import io.sonde.core.Measure;
import io.sonde.core.Norm;
import io.sonde.core.Quantile;
import io.sonde.core.RulePack;
import io.sonde.core.Thresholds;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a window is slow. A label follows its rule to the letter; whether it is grave is another question, because on noise
 * alone a number is two deviations over the mean of ten in about one window of twenty.
 */
final class QoeRules {
    static final String VERSION = "qoe-1";
    static final String DNS_BOUND = "dns-bound";
    static final String HANDSHAKE_BOUND = "handshake-bound";
    static final String SERVER_BOUND = "server-bound";
    static final String THROUGHPUT_BOUND = "throughput-bound";

    private static final List<Quantile> HANDSHAKES = List.of(Quantile.p95(QoeKind.TCP), Quantile.p95(QoeKind.TLS));
    private static final Quantile DNS = Quantile.p95(QoeKind.DNS);
    private static final Quantile TTFB = Quantile.p95(QoeKind.TTFB);
    private static final Quantile TOTAL = Quantile.p95(QoeKind.TOTAL);
    private static final Quantile THROUGHPUT = Quantile.p50(QoeKind.THROUGHPUT);
    /** Of what lies near nothing, a thousandth more or less says nothing. */
    private static final double LEAST = 0.001;

    private final double dnsShare;
    private final double dnsRise;
    private final double deviations;
    private final double rise;
    private final double throughputFall;
    private final double graveChange;
    private final double graveRise;
    private final double graveSpreads;
    private final double normalSpreads;

    private QoeRules(Thresholds thresholds) {
        dnsShare = thresholds.get("dns-share");
        dnsRise = thresholds.get("dns-rise");
        deviations = thresholds.get("deviations");
        rise = thresholds.get("rise");
        throughputFall = thresholds.get("throughput-fall");
        graveChange = thresholds.get("grave-change-ms");
        graveRise = thresholds.get("grave-rise");
        graveSpreads = thresholds.get("grave-spreads");
        normalSpreads = thresholds.get("normal-spreads");
    }

    static RulePack pack(Thresholds thresholds) {
        var rules = new QoeRules(thresholds);
        var failures = new QoeFailures(thresholds.get("failure-share"), thresholds.get("failure-count"));
        return new RulePack(
                VERSION,
                List.of(failures),
                List.of(
                        rules::dnsBound,
                        rules::handshakeBound,
                        (window, usual) -> rules.serverBound(window, usual, 0),
                        (window, usual) -> rules.throughputBound(window, usual, 0)),
                List.of(
                        (window, usual) -> rules.serverBound(window, usual, rules.normalSpreads),
                        (window, usual) -> rules.throughputBound(window, usual, rules.normalSpreads)),
                new QoeScore(thresholds.get("apdex-ms")));
    }

    private Optional<Verdict> dnsBound(WindowAggregate window, Baselines usual) {
        double dns = DNS.of(window);
        Norm norm = usual.recent(DNS);
        double share = dns / TOTAL.of(window);
        boolean holds = norm.isKnown() && share >= dnsShare && dns > norm.mean() && dns >= norm.mean() * (1 + dnsRise);
        return holds
                ? Optional.of(slow(
                        DNS_BOUND,
                        List.of(DNS),
                        window,
                        usual,
                        Stream.of(
                                evidence(DNS, window, usual, norm.mean() * (1 + dnsRise)),
                                new Evidence("dns_p95 / total_p95", "", share, Norm.NONE, Norm.NONE, dnsShare))))
                : Optional.empty();
    }

    private Optional<Verdict> handshakeBound(WindowAggregate window, Baselines usual) {
        List<Quantile> high =
                HANDSHAKES.stream().filter(of -> isHigh(of, window, usual, 0)).toList();
        return high.isEmpty()
                ? Optional.empty()
                : Optional.of(slow(
                        HANDSHAKE_BOUND,
                        high,
                        window,
                        usual,
                        high.stream().map(of -> evidence(of, window, usual, high(usual.recent(of))))));
    }

    /** @param noise so many spreads over its baseline the handshake still counts as normal */
    private Optional<Verdict> serverBound(WindowAggregate window, Baselines usual, double noise) {
        Norm norm = usual.recent(TTFB);
        double threshold = norm.mean() + deviations * norm.deviation();
        double ttfb = TTFB.of(window);
        boolean holds = ttfb > norm.mean()
                && ttfb >= threshold
                && HANDSHAKES.stream().noneMatch(of -> isHigh(of, window, usual, noise));
        return holds
                ? Optional.of(slow(
                        SERVER_BOUND,
                        List.of(TTFB),
                        window,
                        usual,
                        Stream.of(evidence(TTFB, window, usual, threshold))))
                : Optional.empty();
    }

    /**
     * Only while latencies are normal: a megabyte rides on slow start, so a longer way alone lowers it.
     *
     * @param noise so many spreads over its baseline a latency still counts as normal
     */
    private Optional<Verdict> throughputBound(WindowAggregate window, Baselines usual, double noise) {
        Norm norm = usual.recent(THROUGHPUT);
        double threshold = norm.mean() * (1 - throughputFall);
        double rate = THROUGHPUT.of(window);
        boolean holds = rate < norm.mean()
                && rate <= threshold
                && Stream.of(DNS, HANDSHAKES.get(0), HANDSHAKES.get(1), TTFB)
                        .noneMatch(of -> isHigh(of, window, usual, noise));
        if (!holds) {
            return Optional.empty();
        }
        double times = (norm.mean() + LEAST) / (rate + LEAST);
        boolean grave = rate <= norm.mean() * (1 - graveRise) && isUnusual(THROUGHPUT, times, usual, graveSpreads);
        return Optional.of(
                new Verdict(THROUGHPUT_BOUND, grave, times, List.of(evidence(THROUGHPUT, window, usual, threshold))));
    }

    private boolean isHigh(Quantile of, WindowAggregate window, Baselines usual, double noise) {
        Norm norm = usual.recent(of);
        return of.of(window) > norm.mean()
                && of.of(window) >= high(norm)
                && isUnusual(of, times(of, window, norm), usual, noise);
    }

    private static double times(Quantile of, WindowAggregate window, Norm norm) {
        return (of.of(window) + LEAST) / (norm.mean() + LEAST);
    }

    private double high(Norm norm) {
        return Math.min(norm.mean() + deviations * norm.deviation(), norm.mean() * (1 + rise));
    }

    /** @param by the numbers that are too high; the worst of them says how grave it is */
    private Verdict slow(
            String label, List<Quantile> by, WindowAggregate window, Baselines usual, Stream<Evidence> evidence) {
        boolean grave = false;
        double severity = 0;
        for (Quantile of : by) {
            double mean = usual.recent(of).mean();
            double times = times(of, window, usual.recent(of));
            severity = Math.max(severity, times);
            grave |= of.of(window) - mean >= graveChange
                    && times >= 1 + graveRise
                    && isUnusual(of, times, usual, graveSpreads);
        }
        return new Verdict(label, grave, severity, evidence.toList());
    }

    private static boolean isUnusual(Quantile of, double times, Baselines usual, double spreads) {
        return Math.log(times) >= spreads * usual.spread(of);
    }

    private static Evidence evidence(Quantile of, WindowAggregate window, Baselines usual, double threshold) {
        Measure measure = QoeKind.KIND.measures().get(of.measure());
        return new Evidence(
                measure.name() + (of.tail() ? "_p95" : "_p50"),
                measure.unit(),
                of.of(window),
                usual.recent(of),
                usual.sameHour(of),
                threshold);
    }
}

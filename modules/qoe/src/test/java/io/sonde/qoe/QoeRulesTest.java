package io.sonde.qoe;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.Baselines;
import io.sonde.core.Distribution;
import io.sonde.core.Evidence;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import io.sonde.core.RulePack;
import io.sonde.core.Summary;
import io.sonde.core.Thresholds;
import io.sonde.core.Verdict;
import io.sonde.core.WindowAggregate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The shipped rules, against R5 written down a second time, number by number. */
class QoeRulesTest {
    private static final RulePack RULES = new QoeSignal().rules(defaults(Map.of()));
    private static final List<String> NAMES = List.of("dns", "tcp", "tls", "ttfb", "throughput", "total");
    private static final double NAN = Double.NaN;

    /** What a number is, and what it was: p95, of throughput p50. */
    record Case(List<Double> observed, List<Norm> norms) {
        double of(String name) {
            return observed.get(NAMES.indexOf(name));
        }

        double mean(String name) {
            return norms.get(NAMES.indexOf(name)).mean();
        }

        double deviation(String name) {
            return norms.get(NAMES.indexOf(name)).deviation();
        }

        boolean over(String name) {
            return of(name) > mean(name) && of(name) >= mean(name) + 2 * deviation(name);
        }

        boolean high(String name) {
            return over(name) || (of(name) > mean(name) && of(name) >= 2 * mean(name));
        }

        WindowAggregate window() {
            return QoeRulesTest.window(observed, 10, List.of(0L, 0L, 0L, 0L, 0L));
        }

        Baselines usual() {
            List<Norm> both =
                    norms.stream().flatMap(norm -> Stream.of(norm, norm)).toList();
            return new Baselines(both, List.of(), List.of());
        }

        List<String> labels() {
            return RULES.judge(window(), usual(), true).verdicts().stream()
                    .map(Verdict::label)
                    .toList();
        }
    }

    @Property(tries = 5_000)
    void p9DnsBoundIsWhenDnsHasSixtyPercentOfTheTotalAndIsFiftyPercentOverItsBaseline(@ForAll("cases") Case any) {
        boolean expected = any.of("dns") >= 0.6 * any.of("total")
                && any.of("dns") > any.mean("dns")
                && any.of("dns") >= 1.5 * any.mean("dns");

        assertThat(any.labels().contains("dns-bound")).isEqualTo(expected);
    }

    @Property(tries = 5_000)
    void p10HandshakeBoundIsWhenTcpOrTlsIsOverItsBaselineByTwoDeviationsOrAHundredPercent(@ForAll("cases") Case any) {
        assertThat(any.labels().contains("handshake-bound")).isEqualTo(any.high("tcp") || any.high("tls"));
    }

    @Property(tries = 5_000)
    void p11ServerBoundIsWhenTtfbIsOverByTwoDeviationsWhileTcpAndTlsAreNormal(@ForAll("cases") Case any) {
        boolean expected = any.over("ttfb") && !any.high("tcp") && !any.high("tls");

        assertThat(any.labels().contains("server-bound")).isEqualTo(expected);
    }

    @Property(tries = 5_000)
    void p12ThroughputBoundIsWhenItIsThirtyPercentUnderWhileLatenciesAreNormal(@ForAll("cases") Case any) {
        boolean expected = any.of("throughput") < any.mean("throughput")
                && any.of("throughput") <= 0.7 * any.mean("throughput")
                && Stream.of("dns", "tcp", "tls", "ttfb").noneMatch(any::high);

        assertThat(any.labels().contains("throughput-bound")).isEqualTo(expected);
    }

    @Property
    void severalThatHoldAreAllKeptAndTheFirstOfThemIsTheLabel(@ForAll("cases") Case any) {
        List<String> order = List.of("dns-bound", "handshake-bound", "server-bound", "throughput-bound");

        Judgement judgement = RULES.judge(any.window(), any.usual(), true);

        List<String> labels = judgement.verdicts().stream().map(Verdict::label).toList();
        assertThat(labels).isSortedAccordingTo((a, b) -> order.indexOf(a) - order.indexOf(b));
        assertThat(judgement.label()).isEqualTo(labels.isEmpty() ? "healthy" : labels.get(0));
        assertThat(judgement.rules()).isEqualTo("qoe-1");
    }

    @Property
    void withoutABaselineNothingIsSaidOfLatencies(@ForAll("cases") Case any) {
        assertThat(RULES.judge(any.window(), any.usual(), false).label()).isEqualTo("insufficient-data");
        assertThat(RULES.judge(any.window(), Baselines.NONE, true).verdicts()).isEmpty();
    }

    @Test
    void aVerdictCarriesWhatItRestsOn() {
        var slow = new Case(
                List.of(3.0, 10.0, 20.0, 400.0, 50_000.0, 433.0),
                List.of(norm(3, 1), norm(10, 1), norm(20, 1), norm(50, 5), norm(50_000, 1_000), norm(83, 5)));

        Verdict verdict =
                RULES.judge(slow.window(), slow.usual(), true).verdicts().get(0);

        assertThat(verdict.label()).isEqualTo("server-bound");
        assertThat(verdict.grave()).isTrue();
        assertThat(verdict.evidence()).containsExactly(new Evidence("ttfb_p95", "ms", 400, norm(50, 5), Norm.NONE, 60));
    }

    @Test
    void aChangeThatThisSeriesMakesFromMinuteToMinuteIsNotGrave() {
        var any = new Case(
                List.of(3.0, 10.0, 20.0, 100.0, 50_000.0, 133.0),
                List.of(norm(3, 1), norm(10, 1), norm(20, 1), norm(50, 5), norm(50_000, 1_000), norm(83, 5)));
        var restless = new Baselines(any.usual().recent(), List.of(), Collections.nCopies(12, 0.2));
        var calm = new Baselines(any.usual().recent(), List.of(), Collections.nCopies(12, 0.1));

        assertThat(RULES.judge(any.window(), restless, true).grave()).isEmpty();
        assertThat(RULES.judge(any.window(), calm, true).grave()).isNotEmpty();
    }

    @Test
    void aSlowServerCountsTowardsAnIncidentAlsoWhereNoiseInTheHandshakeHidesTheLabel() {
        Judgement noise = judgedWithTcpAt(12.0);
        Judgement longerRoute = judgedWithTcpAt(13.5);

        assertThat(noise.label()).as("two deviations of ten windows").isEqualTo("handshake-bound");
        assertThat(noise.grave()).extracting(Verdict::label).containsExactly("server-bound");
        assertThat(noise.hidden()).isEqualTo(noise.grave());
        assertThat(longerRoute.label()).isEqualTo("handshake-bound");
        assertThat(longerRoute.hidden()).isEmpty();
    }

    @Property
    void whatIsHiddenHasNoLabelAndIsGrave(@ForAll("cases") Case any) {
        var usual = new Baselines(any.usual().recent(), List.of(), Collections.nCopies(12, 0.1));

        Judgement judgement = RULES.judge(any.window(), usual, true);

        assertThat(judgement.hidden()).allSatisfy(hidden -> {
            assertThat(hidden.grave()).isTrue();
            assertThat(any.labels()).doesNotContain(hidden.label());
        });
        assertThat(judgement.verdicts().stream().map(Verdict::label)).containsExactlyElementsOf(any.labels());
    }

    @Test
    void errorsThatDominateAWindowNameTheStageThatFailedMost() {
        assertThat(failure(4, 2, 3, 0, 0, 0)).isEqualTo("connect-failure");
        assertThat(failure(4, 0, 2, 2, 0, 0)).as("of two alike the earlier").isEqualTo("connect-failure");
        assertThat(failure(0, 1, 0, 0, 0, 0)).isEqualTo("resolver-failure");
        assertThat(failure(3, 0, 0, 3, 0, 0)).isEqualTo("tls-failure");
        assertThat(failure(0, 0, 0, 0, 9, 0)).isEqualTo("http-failure");
        assertThat(failure(0, 0, 0, 0, 0, 2)).isEqualTo("transfer-failure");
        assertThat(failure(6, 0, 0, 5, 0, 0)).isEqualTo("insufficient-data");
    }

    @Test
    void shareAndCountOfErrorsAreSettings() {
        RulePack strict = new QoeSignal().rules(defaults(Map.of("failure-share", 0.1, "failure-count", 3.0)));
        WindowAggregate three = window(List.of(NAN, NAN, NAN, NAN, NAN, NAN), 20, List.of(3L, 0L, 0L, 0L, 0L));
        WindowAggregate two = window(List.of(NAN, NAN, NAN, NAN, NAN, NAN), 4, List.of(2L, 0L, 0L, 0L, 0L));

        assertThat(strict.judge(three, Baselines.NONE, false).label()).isEqualTo("resolver-failure");
        assertThat(strict.judge(two, Baselines.NONE, false).label()).isEqualTo("insufficient-data");
    }

    @Test
    void theScoreIsApdexOfTheTotalTimeWithErrorsFrustrated() {
        Distribution totals = distribution(100, 500, 501, 2_000, 2_001);
        WindowAggregate window = new WindowAggregate(
                "http://a/",
                0,
                5,
                List.of(1L, 0L, 0L, 0L, 0L),
                Map.of(),
                Stream.concat(Collections.nCopies(5, Distribution.EMPTY).stream(), Stream.of(totals))
                        .toList());

        assertThat(RULES.judge(window, Baselines.NONE, false).score())
                .as("(2 + 2/2) of 6")
                .isEqualTo(50);
        assertThat(RULES.judge(window(List.of(), 0, List.of(3L)), Baselines.NONE, false)
                        .score())
                .isZero();
        assertThat(RULES.judge(window(List.of(1.0), 3, List.of(0L)), Baselines.NONE, false)
                        .score())
                .as("stored before there were totals")
                .isEqualTo(Judgement.NO_SCORE);
    }

    private static Judgement judgedWithTcpAt(double tcp) {
        var any = new Case(
                List.of(3.0, tcp, 20.0, 400.0, 50_000.0, 423.0 + tcp),
                List.of(norm(3, 1), norm(10, 1), norm(20, 1), norm(50, 5), norm(50_000, 1_000), norm(83, 5)));
        return RULES.judge(
                any.window(), new Baselines(any.usual().recent(), List.of(), Collections.nCopies(12, 0.12)), true);
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Double> mean = Arbitraries.of(1.0, 5.0, 20.0, 100.0);
        Arbitrary<Norm> norm =
                Combinators.combine(mean, Arbitraries.of(0.0, 0.1, 0.25, 1.0)).as((of, part) -> norm(of, of * part));
        Arbitrary<Double> times = Arbitraries.of(0.5, 0.69, 0.7, 0.71, 1.0, 1.1, 1.2, 1.49, 1.5, 1.99, 2.0, 2.5, 8.0);
        return Combinators.combine(norm.list().ofSize(5), times.list().ofSize(5))
                .as(QoeRulesTest::made);
    }

    private static Case made(List<Norm> norms, List<Double> times) {
        List<Double> observed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            observed.add(norms.get(i).mean() * times.get(i));
        }
        observed.add(observed.get(0) + observed.get(1) + observed.get(2) + observed.get(3));
        List<Norm> all = new ArrayList<>(norms);
        all.add(norm(1, 0));
        return new Case(observed, all);
    }

    private static String failure(int success, long... errors) {
        List<Long> counts = new ArrayList<>();
        for (long count : errors) {
            counts.add(count);
        }
        return RULES.judge(window(List.of(), success, counts), Baselines.NONE, false)
                .label();
    }

    private static WindowAggregate window(List<Double> numbers, long success, List<Long> errors) {
        List<Distribution> measures = numbers.stream()
                .map(x -> x.isNaN() ? Distribution.EMPTY : distribution(x))
                .toList();
        return new WindowAggregate("http://a/", 0, success, errors, Map.of(), measures);
    }

    private static Distribution distribution(double... sorted) {
        double first = sorted[0];
        double last = sorted[sorted.length - 1];
        return new Distribution(sorted.length, first, last, first, last, Summary.of(sorted, sorted.length));
    }

    private static Norm norm(double mean, double deviation) {
        return new Norm(mean, deviation, 10);
    }

    private static Thresholds defaults(Map<String, Double> set) {
        Config shipped = ConfigFactory.parseResources("reference.conf").getConfig("sonde.diagnosis.rules.qoe");
        Map<String, Double> values = new HashMap<>();
        shipped.entrySet().forEach(entry -> values.put(entry.getKey(), shipped.getDouble(entry.getKey())));
        values.putAll(set);
        return new Thresholds(values);
    }
}

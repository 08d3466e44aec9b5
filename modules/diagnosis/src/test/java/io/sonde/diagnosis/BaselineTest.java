package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sonde.core.Evidence;
import io.sonde.core.Judgement;
import io.sonde.core.Norm;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** What windows are held against. */
class BaselineTest {
    @Property
    void p13TheBaselineIsMeanAndDeviationOfTheLastTenHealthyWindows(@ForAll("levels") List<Double> levels) {
        Minutes minutes = new Minutes(Minutes.SHIPPED);
        List<Double> healthy = new ArrayList<>();
        for (double ttfb : levels) {
            minutes.ttfb(ttfb);
            Judgement judgement = minutes.judgements.get(minutes.judgements.size() - 1);
            if (judgement.verdicts().isEmpty()) {
                assertThat(judgement.label()).isEqualTo(healthy.size() < 5 ? "insufficient-data" : "healthy");
                healthy.add(ttfb);
            } else {
                Norm norm = judgement.verdicts().get(0).evidence().get(0).recent();
                List<Double> ten = healthy.subList(Math.max(0, healthy.size() - 10), healthy.size());
                assertThat(norm.windows()).isEqualTo(ten.size()).isBetween(5, 10);
                assertThat(norm.mean()).isEqualTo(mean(ten), within(1e-9));
                assertThat(norm.deviation()).isEqualTo(deviation(ten), within(1e-9));
            }
        }
    }

    @Test
    void fewerWindowsThanTheMinimumSayNothingOfLatencies() {
        Minutes minutes = new Minutes(Minutes.SHIPPED);

        minutes.times(4, 100);
        minutes.ttfb(900);

        assertThat(minutes.judgements).extracting(Judgement::label).containsOnly("insufficient-data");
    }

    @Test
    void fewerSamplesThanTheMinimumSayNothing() {
        Minutes minutes = new Minutes(Minutes.with("sonde.diagnosis.baseline.minimum-samples = 13"));

        minutes.times(10, 100);
        minutes.failures(1);

        assertThat(minutes.judgements).extracting(Judgement::label).containsOnly("insufficient-data");
    }

    @Test
    void theRobustBaselineIsMedianAndMedianAbsoluteDeviation() {
        Minutes minutes = new Minutes(Minutes.with("sonde.diagnosis.baseline.robust = true"));
        minutes.ttfb(100, 104, 96, 102, 98);

        minutes.ttfb(400);

        Evidence ttfb = minutes.judgements.get(5).verdicts().get(0).evidence().get(0);
        assertThat(ttfb.recent().mean()).isEqualTo(100);
        assertThat(ttfb.recent().deviation()).isEqualTo(1.4826 * 2, within(1e-9));
        assertThat(ttfb.threshold()).isEqualTo(100 + 2 * 1.4826 * 2, within(1e-9));
    }

    @Test
    void aTargetCanHaveSettingsOfItsOwn() {
        Minutes minutes = new Minutes(Minutes.with(
                "sonde.diagnosis.targets = [{ target = \"http://b*\", incident.opens = 1, incident.clears = 6 }, "
                        + "{ target = \"http://*\", rules.qoe.deviations = 100000, rules.qoe.rise = 100000 }]"));
        minutes.ttfb(100, 104, 96, 102, 98);

        minutes.ttfb(400);

        assertThat(minutes.judgements.get(5).label()).isEqualTo("healthy");
    }

    @Provide
    Arbitrary<List<Double>> levels() {
        Arbitrary<Double> usual = Arbitraries.doubles().between(90, 110).ofScale(2);
        return Arbitraries.frequencyOf(Tuple.of(8, usual), Tuple.of(1, Arbitraries.of(150.0, 300.0, 900.0)))
                .list()
                .ofMinSize(12)
                .ofMaxSize(60);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private static double deviation(List<Double> values) {
        double squares = 0;
        for (double value : values) {
            squares += Math.pow(value - mean(values), 2);
        }
        return Math.sqrt(squares / (values.size() - 1));
    }
}

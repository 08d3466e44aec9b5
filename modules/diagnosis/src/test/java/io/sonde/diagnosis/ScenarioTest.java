package io.sonde.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.testkit.Scenario;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped rules and settings on labelled scenarios; {@code make scenarios} runs it on more series. */
class ScenarioTest {
    static final long SEED = Long.getLong("sonde.seed", 1);
    static final boolean FULL = Boolean.getBoolean("scenarios.full");
    static final int SERIES = FULL ? 200 : 40;
    /** More of those on which so little is told that one incident would decide. */
    private static final int HEALTHY = FULL ? 200 : 100;

    static final int MINUTES = 24 * 60;

    private static final Map<Scenario, ScenarioRun> RUNS = new LinkedHashMap<>();

    @BeforeAll
    static void judgeThemAll() {
        for (Scenario scenario : Scenario.ALL) {
            RUNS.put(
                    scenario,
                    ScenarioRun.of(
                            scenario.isHealthy() ? HEALTHY : SERIES, number -> scenario.series(SEED, number, MINUTES)));
        }
    }

    @AfterAll
    static void writeWhatWasMeasured() throws IOException {
        if (FULL) {
            ScenarioTable.write(RUNS, labels());
        }
    }

    @ParameterizedTest
    @MethodSource("healthy")
    void onHealthyNoiseNobodyIsTold(Scenario scenario) {
        assertThat(run(scenario).untruePerSeriesAndDay()).isLessThanOrEqualTo(0.02);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepIsFoundInTimeAndNamedRightly(Scenario scenario) {
        Tally all = run(scenario).all();

        assertThat(all.recall()).isGreaterThanOrEqualTo(0.90);
        assertThat(all.precision()).isGreaterThanOrEqualTo(0.95);
        assertThat(all.delay(0.95)).isLessThanOrEqualTo(4);
    }

    @Test
    void whatIsToldIsTrueWhateverTheScenario() {
        assertThat(labels()).hasSize(6).allSatisfy((label, tally) -> {
            assertThat(tally.truths()).isPositive();
            assertThat(tally.precision()).isGreaterThanOrEqualTo(0.95);
        });
    }

    @Test
    void aLongerRouteIsNeverThroughputBound() {
        assertThat(run(Scenario.LONGER_ROUTE).labels()).containsOnlyKeys("handshake-bound");
    }

    @Test
    void singleSlowMinutesAreNoIncident() {
        assertThat(run(Scenario.SPIKES).untruePerSeriesAndDay()).isLessThanOrEqualTo(0.02);
    }

    @Test
    void theSameSeedIsTheSameSeriesAndAnotherIsAnother() {
        var once = Scenario.MIXED.series(7, 3, MINUTES);

        assertThat(Scenario.MIXED.series(7, 3, MINUTES)).isEqualTo(once);
        assertThat(Scenario.MIXED.series(8, 3, MINUTES)).isNotEqualTo(once);
        assertThat(Scenario.MIXED.series(7, 4, MINUTES)).isNotEqualTo(once);
    }

    static Stream<Scenario> healthy() {
        return Scenario.ALL.stream().filter(Scenario::isHealthy);
    }

    static Stream<Scenario> steps() {
        return Scenario.ALL.stream().filter(Scenario::isStep);
    }

    private static ScenarioRun run(Scenario scenario) {
        return Objects.requireNonNull(RUNS.get(scenario));
    }

    /** Truths of steps, incidents of all scenarios. */
    private static Map<String, Tally> labels() {
        Map<String, Tally> labels = new TreeMap<>();
        RUNS.forEach((scenario, run) -> run.labels()
                .forEach((label, tally) -> labels.computeIfAbsent(label, any -> new Tally())
                        .add(scenario.isStep() ? tally : tally.incidentsAlone())));
        return labels;
    }
}

package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MeasurerIT {
    @TempDir
    Path folder;

    private final AgentCounters counters = new AgentCounters();
    private final ProbeMetrics metrics = new ProbeMetrics(counters, counters::waiting);
    private Plan plan = new Plan(
            List.of(),
            new Pace(Duration.ofHours(1), Duration.ZERO, Duration.ZERO, null),
            new Breaker(1, 1),
            Reach.ANYWHERE);

    @Test
    void throughputHasAScheduleOfItsOwnAndComesWithTheTimings() throws Exception {
        try (var on = new Fixture(folder);
                Measurer measurer = measurer(on, on.http("127.0.0.1", "/health"))) {
            QoeEvent first = run(measurer, System.nanoTime());
            QoeEvent second = run(measurer, System.nanoTime());

            assertThat(first.throughputKbps()).isPositive();
            assertThat(first.httpTtfbMs()).isPositive();
            assertThat(second.throughputKbps()).isNull();
            QoeEvent later = second;
            while (later.throughputKbps() == null) {
                later = run(measurer, System.nanoTime());
            }
            assertThat(later.tsMs() - first.tsMs()).isGreaterThanOrEqualTo(900);
        }
    }

    @Test
    void runsAreCountedByOutcomeAndLateness() throws Exception {
        try (var on = new Fixture(folder);
                Measurer measurer = measurer(on, on.http("127.0.0.1", "/status/500"))) {
            run(measurer, System.nanoTime());
            run(measurer, System.nanoTime() - 700_000_000L);

            assertThat(counters.count(AgentCounters.Runs.FAILED)).isEqualTo(2);
            assertThat(counters.count(AgentCounters.Runs.BEHIND)).isEqualTo(1);
            assertThat(counters.line(4)).contains("failed=2", "behind=1", "most_behind_ms=7", "waiting=4");
        }
    }

    @Test
    void aNewPlanWithTheSameTargetKeepsItsTurnForThroughput() throws Exception {
        try (var on = new Fixture(folder);
                Measurer measurer = measurer(on, on.http("127.0.0.1", "/health"))) {
            QoeEvent first = run(measurer, System.nanoTime());
            Target other = Target.parse(on.http("127.0.0.1", "/slow?ms=1"));
            plan = new Plan(List.of(plan.targets().get(0), other), plan.pace(), plan.breaker(), plan.reach());

            assertThat(first.throughputKbps()).isPositive();
            assertThat(run(measurer, System.nanoTime()).throughputKbps()).isNull();
        }
    }

    @Test
    void aRunThatIsDueAfterTheEndIsNone() throws Exception {
        var seen = new CompletableFuture<List<QoeEvent>>();
        Measurer ended;
        try (var on = new Fixture(folder);
                Measurer measurer = measurer(on, on.http("127.0.0.1", "/health"))) {
            ended = measurer;
        }

        ended.start(plan, plan.targets().get(0), System.nanoTime(), seen::complete);

        assertThat(seen).isCompletedWithValue(List.of());
    }

    private Measurer measurer(Fixture on, String url) throws Exception {
        plan = plan(on, url);
        return new Measurer(
                on.trusting,
                8,
                "c",
                () -> NetworkContext.UNKNOWN,
                new MeasurementTraces(Optional.empty(), Clock.systemUTC()),
                counters,
                metrics);
    }

    private static Plan plan(Fixture on, String url) throws Exception {
        List<String> problems = new ArrayList<>();
        String target = url + ",throughput=" + on.http("127.0.0.1", "/fixed/1mb.bin");
        Map<String, Object> flags = Map.of("targets", List.of(target), "token", "t", "throughput-interval", "1s");
        return AgentSettings.read(SettingsSources.merge(flags, Map.of(), null, problems), problems)
                .plan();
    }

    private QoeEvent run(Measurer measurer, long dueNanos) throws Exception {
        var seen = new CompletableFuture<List<QoeEvent>>();
        measurer.start(plan, plan.targets().get(0), dueNanos, seen::complete);
        return seen.get(10, TimeUnit.SECONDS).get(0);
    }
}

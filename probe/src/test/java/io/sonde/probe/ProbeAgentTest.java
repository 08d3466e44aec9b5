package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProbeAgentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<Uplink.Command> uplink = kit.createTestProbe();
    private final AgentCounters counters = new AgentCounters();
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();

    private Plan plan = plan(Duration.ofHours(1), new Breaker(1, 1), List.of());

    private record Run(Target target, long dueNanos, Consumer<List<QoeEvent>> done) {}

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyTargetRunsAtItsPaceAndWhatWasSeenIsHeldAtOnce() throws InterruptedException {
        agent(3, Duration.ofMillis(200));

        for (int run = 0; run < 6; run++) {
            next().done().accept(UplinkTest.events(1));

            assertThat(held().events()).hasSize(1);
        }
    }

    @Test
    void whatIsSeenWhileTheDiskIsSlowWaitsAndGoesTogether() throws InterruptedException {
        agent(3, Duration.ofSeconds(20));
        next().done().accept(UplinkTest.events(1));
        Uplink.Hold slow = uplink.expectMessageClass(Uplink.Hold.class, PATIENCE);

        next().done().accept(UplinkTest.events(1));
        next().done().accept(UplinkTest.events(1));
        uplink.expectNoMessage(Duration.ofMillis(50));
        slow.replyTo().tell(Done.getInstance());

        assertThat(held().events()).hasSize(2);
    }

    @Test
    void aTargetThatKeepsFailingIsMeasuredLessOftenUntilItAnswers() throws InterruptedException {
        agent(1, Duration.ofMillis(20), new Breaker(1, 64));
        for (int i = 0; i < 6; i++) {
            next().done().accept(List.of(failed()));
        }

        assertThat(counters.line(0)).contains("slowed_targets=1");
        Run trial = next();
        trial.done().accept(UplinkTest.events(1));
        Run after = next();
        assertThat(after.dueNanos() - trial.dueNanos()).isLessThan(64 * 20_000_000L);
        assertThat(counters.line(0)).contains("slowed_targets=0");
        assertThat(counters.count(AgentCounters.Runs.HELD_BACK)).isPositive();
    }

    @Test
    void startsAreAnIntervalApartHoweverLongARunTakes() throws InterruptedException {
        agent(1, Duration.ofMillis(100));

        Run first = next();
        first.done().accept(UplinkTest.events(1));
        Run second = next();
        second.done().accept(UplinkTest.events(1));

        assertThat(second.dueNanos()).isGreaterThan(first.dueNanos());
        assertThat((second.dueNanos() - first.dueNanos()) % 100_000_000L).isZero();
    }

    @Test
    void aRunStillUnderWaySkipsTheNext() throws InterruptedException {
        agent(1, Duration.ofMillis(30));
        Run slow = next();

        while (counters.count(AgentCounters.Runs.SKIPPED) < 3) {
            assertThat(runs).isEmpty();
            Thread.onSpinWait();
        }
        slow.done().accept(UplinkTest.events(1));

        assertThat(next().target()).isEqualTo(plan.targets().get(0));
    }

    @Test
    void aSlowTargetDoesNotHoldBackTheOthers() throws InterruptedException {
        agent(2, Duration.ofSeconds(20));

        next();
        next().done().accept(UplinkTest.events(1));

        assertThat(held().events()).hasSize(1);
    }

    @Test
    void aBrokenRunEndsToo() throws InterruptedException {
        agent(1, Duration.ofMillis(50));

        next().done().accept(List.of());

        next().done().accept(UplinkTest.events(1));
        assertThat(held().events()).hasSize(1);
    }

    @Test
    void aNewPlanIsFollowedAtOnceAndARunUnderWayIsNotLost() throws InterruptedException {
        ActorRef<ProbeAgent.Command> agent = agent(1, Duration.ofSeconds(20));
        Run underWay = next();

        agent.tell(new ProbeAgent.Follow(plan(Duration.ofSeconds(20), new Breaker(1_000, 1), names(1, 3))));
        List<String> followed = List.of(name(next()), name(next()));
        underWay.done().accept(UplinkTest.events(1));

        assertThat(followed).containsExactly("http://a/1", "http://a/2");
        assertThat(held().events()).hasSize(1);
        assertThat(runs).isEmpty();
    }

    @Test
    void aTargetThatStaysIsNotMeasuredTwiceAtATime() throws InterruptedException {
        ActorRef<ProbeAgent.Command> agent = agent(1, Duration.ofSeconds(20));
        Run underWay = next();

        agent.tell(new ProbeAgent.Follow(plan(Duration.ofMillis(20), new Breaker(1_000, 1), names(0, 2))));
        Run other = next();
        while (counters.count(AgentCounters.Runs.SKIPPED) < 3) {
            Thread.onSpinWait();
        }
        underWay.done().accept(UplinkTest.events(1));

        assertThat(name(other)).isEqualTo("http://a/1");
        assertThat(runs).isEmpty();
        assertThat(held().events()).hasSize(1);
        assertThat(name(next())).isEqualTo("http://a/0");
    }

    @Test
    void aTargetThatStaysKeepsItsFailuresAndOneThatGoesIsNotSlowedAnyMore() throws InterruptedException {
        ActorRef<ProbeAgent.Command> agent = agent(2, Duration.ofMillis(20), new Breaker(1, 64));
        for (int i = 0; i < 4; i++) {
            next().done().accept(List.of(failed()));
        }
        while (!counters.line(0).contains("slowed_targets=2")) {
            Thread.onSpinWait();
        }

        agent.tell(new ProbeAgent.Follow(plan(Duration.ofSeconds(20), new Breaker(1, 64), names(1, 3))));
        while (!name(next()).equals("http://a/2")) {
            assertThat(counters.line(0)).contains("slowed_targets");
        }

        assertThat(counters.line(0)).contains("slowed_targets=1");
    }

    @Test
    void stoppingDeliversWhatWasSeenAndStartsNothingMore() throws InterruptedException {
        ActorRef<ProbeAgent.Command> agent = agent(2, Duration.ofSeconds(20));
        next().done().accept(UplinkTest.events(1));
        TestProbe<Done> stopped = kit.createTestProbe();

        agent.tell(new ProbeAgent.Stop(stopped.ref()));

        assertThat(held().events()).hasSize(1);
        uplink.expectMessageClass(Uplink.Drain.class, PATIENCE).replyTo().tell(Done.getInstance());
        stopped.receiveMessage();
    }

    private ActorRef<ProbeAgent.Command> agent(int targets, Duration interval) {
        return agent(targets, interval, new Breaker(1_000, 1));
    }

    private ActorRef<ProbeAgent.Command> agent(int targets, Duration interval, Breaker breaker) {
        plan = plan(interval, breaker, names(0, targets));
        return kit.spawn(ProbeAgent.create(
                plan,
                (of, target, dueNanos, done) -> runs.add(new Run(target, dueNanos, done)),
                counters,
                Behaviors.receiveMessage(command -> {
                    uplink.ref().tell(command);
                    return Behaviors.same();
                })));
    }

    private static Plan plan(Duration interval, Breaker breaker, List<String> names) {
        return new Plan(
                names.stream().map(Target::parse).toList(),
                new Pace(interval, Duration.ofMillis(1), Duration.ZERO, null),
                breaker,
                Reach.ANYWHERE);
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "http://a/" + i).toList();
    }

    private Uplink.Hold held() {
        Uplink.Hold hold = uplink.expectMessageClass(Uplink.Hold.class, PATIENCE);
        hold.replyTo().tell(Done.getInstance());
        return hold;
    }

    private static String name(Run run) {
        return run.target().url().text();
    }

    private static QoeEvent failed() {
        QoeEvent good = UplinkTest.events(1).get(0);
        return new QoeEvent(
                good.eventId(),
                good.clientId(),
                good.target(),
                good.tsMs(),
                good.networkContext(),
                null,
                null,
                null,
                null,
                null,
                Stage.TCP,
                "refused");
    }

    private Run next() throws InterruptedException {
        Run run = runs.poll(10, TimeUnit.SECONDS);
        assertThat(run).as("a run").isNotNull();
        return run;
    }
}

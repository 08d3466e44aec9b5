package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.QoeEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<Uplink.Command> uplink = kit.createTestProbe();
    private final AgentCounters counters = new AgentCounters();
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();

    private record Run(int target, long dueNanos, Consumer<List<QoeEvent>> done) {}

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void everyTargetRunsAtItsPaceAndARoundIsOneDelivery() throws InterruptedException {
        agent(3, Duration.ofMillis(200));

        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 3; i++) {
                next().done().accept(UplinkTest.events(1));
            }

            assertThat(delivery().events()).hasSize(3);
        }
    }

    @Test
    void startsAreAnIntervalApartHoweverLongARunTakes() throws InterruptedException {
        agent(1, Duration.ofMillis(100));

        Run first = next();
        first.done().accept(UplinkTest.events(1));
        Run second = next();
        second.done().accept(UplinkTest.events(1));

        assertThat(second.dueNanos() - first.dueNanos()).isEqualTo(100_000_000L);
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

        assertThat(next().target()).isZero();
    }

    @Test
    void aSlowTargetDoesNotHoldBackTheOthers() throws InterruptedException {
        agent(2, Duration.ofSeconds(20));

        next();
        next().done().accept(UplinkTest.events(1));

        assertThat(delivery().events()).hasSize(1);
    }

    @Test
    void aBrokenRunEndsToo() throws InterruptedException {
        agent(1, Duration.ofMillis(50));

        next().done().accept(List.of());

        next().done().accept(UplinkTest.events(1));
        assertThat(delivery().events()).hasSize(1);
    }

    @Test
    void stoppingDeliversWhatWasSeenAndStartsNothingMore() throws InterruptedException {
        ActorRef<ProbeAgent.Command> agent = agent(2, Duration.ofSeconds(20));
        next().done().accept(UplinkTest.events(1));
        TestProbe<Done> stopped = kit.createTestProbe();

        agent.tell(new ProbeAgent.Stop(stopped.ref()));

        assertThat(delivery().events()).hasSize(1);
        uplink.expectMessageClass(Uplink.Drain.class).replyTo().tell(Done.getInstance());
        stopped.receiveMessage();
    }

    private ActorRef<ProbeAgent.Command> agent(int targets, Duration interval) {
        var pace = new Pace(interval, Duration.ofMillis(1), Duration.ZERO, null);
        return kit.spawn(ProbeAgent.create(
                new Schedule(pace, targets),
                Duration.ofMillis(300),
                (target, dueNanos, done) -> runs.add(new Run(target, dueNanos, done)),
                counters,
                Behaviors.receiveMessage(command -> {
                    uplink.ref().tell(command);
                    return Behaviors.same();
                })));
    }

    private Uplink.Deliver delivery() {
        return uplink.expectMessageClass(Uplink.Deliver.class);
    }

    private Run next() throws InterruptedException {
        Run run = runs.poll(10, TimeUnit.SECONDS);
        assertThat(run).as("a run").isNotNull();
        return run;
    }
}

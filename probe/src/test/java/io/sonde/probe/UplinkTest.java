package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UplinkTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final AgentCounters counters = new AgentCounters();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private record Request(List<QoeEvent> events, CompletableFuture<Outcome> answer) {}

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aRoundIsOneRequest() throws InterruptedException {
        List<QoeEvent> round = events(10);

        ActorRef<Uplink.Command> uplink = uplink(100, 100);
        uplink.tell(new Uplink.Deliver(round));

        Request request = next();
        assertThat(request.events()).isEqualTo(round);
        request.answer().complete(new Outcome.Taken(9, 1, 0, 0));
        awaitDrained(uplink);
        assertThat(counters.count("accepted")).isEqualTo(9);
        assertThat(counters.count("duplicate")).isEqualTo(1);
    }

    @Test
    void aFailedRequestIsSentAgainAsItWasAndBeforeAnythingElse() throws InterruptedException {
        List<QoeEvent> first = events(2);
        List<QoeEvent> second = events(2);

        ActorRef<Uplink.Command> uplink = uplink(100, 100);
        uplink.tell(new Uplink.Deliver(first));
        uplink.tell(new Uplink.Deliver(second));
        next().answer().complete(new Outcome.Again("http_503", null));
        next().answer().complete(new Outcome.Again("connection", Duration.ofMillis(10)));

        Request third = next();
        assertThat(third.events()).isEqualTo(first);
        third.answer().complete(new Outcome.Taken(2, 0, 0, 0));
        assertThat(next().events()).isEqualTo(second);
        assertThat(counters.count("retry_http_503")).isEqualTo(1);
        assertThat(counters.count("retry_connection")).isEqualTo(1);
    }

    @Test
    void whatCanNeverSucceedIsDroppedCountedAndTheRestGoesOn() throws InterruptedException {
        ActorRef<Uplink.Command> uplink = uplink(100, 100);
        uplink.tell(new Uplink.Deliver(events(3)));
        List<QoeEvent> next = events(1);
        uplink.tell(new Uplink.Deliver(next));

        next().answer().complete(new Outcome.Dropped("http_401"));

        assertThat(next().events()).isEqualTo(next);
        assertThat(counters.count("dropped_http_401")).isEqualTo(3);
    }

    @Test
    void moreThanTheBufferHoldsDropsTheOldestThatWait() throws InterruptedException {
        ActorRef<Uplink.Command> uplink = uplink(5, 100);
        List<QoeEvent> stuck = events(2);
        List<QoeEvent> old = events(3);
        List<QoeEvent> young = events(2);

        uplink.tell(new Uplink.Deliver(stuck));
        Request request = next();
        uplink.tell(new Uplink.Deliver(old));
        uplink.tell(new Uplink.Deliver(young));
        request.answer().complete(new Outcome.Taken(2, 0, 0, 0));

        assertThat(next().events()).containsExactly(old.get(2), young.get(0), young.get(1));
        assertThat(counters.count("dropped_buffer_full")).isEqualTo(2);
    }

    @Test
    void aRequestIsNeverLargerThanABatch() throws InterruptedException {
        ActorRef<Uplink.Command> uplink = uplink(100, 4);

        uplink.tell(new Uplink.Deliver(events(6)));

        Request first = next();
        assertThat(first.events()).hasSize(4);
        first.answer().complete(new Outcome.Taken(4, 0, 0, 0));
        assertThat(next().events()).hasSize(2);
    }

    @Test
    void aPostThatBreaksIsARetryToo() throws InterruptedException {
        ActorRef<Uplink.Command> uplink = uplink(100, 100);
        uplink.tell(new Uplink.Deliver(events(1)));

        next().answer().completeExceptionally(new IllegalStateException("broken"));

        assertThat(next().events()).hasSize(1);
    }

    @Test
    void drainingEndsWithAFailedAttempt() throws InterruptedException {
        ActorRef<Uplink.Command> uplink = uplink(100, 100);
        uplink.tell(new Uplink.Deliver(events(1)));
        Request request = next();
        TestProbe<Done> drained = KIT.createTestProbe();
        uplink.tell(new Uplink.Drain(drained.ref()));
        drained.expectNoMessage(Duration.ofMillis(50));

        request.answer().complete(new Outcome.Again("connection", null));

        drained.receiveMessage();
    }

    static List<QoeEvent> events(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new QoeEvent(
                        UUID.randomUUID(),
                        "c",
                        "http://a/",
                        1,
                        NetworkContext.UNKNOWN,
                        null,
                        1.0,
                        null,
                        2.0,
                        null,
                        null,
                        null))
                .toList();
    }

    static UploadSettings settings(URI events, int buffer, int batch) {
        return new UploadSettings(
                events,
                "sonde_ingest_x",
                true,
                Duration.ofSeconds(1),
                batch,
                buffer,
                Duration.ofMillis(500),
                Duration.ofMillis(10),
                Duration.ofMillis(50));
    }

    private ActorRef<Uplink.Command> uplink(int buffer, int batch) {
        return KIT.spawn(Uplink.create(this::post, settings(URI.create("http://node/"), buffer, batch), counters));
    }

    private CompletionStage<Outcome> post(List<QoeEvent> events) {
        var answer = new CompletableFuture<Outcome>();
        requests.add(new Request(events, answer));
        return answer;
    }

    private Request next() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return request;
    }

    private static void awaitDrained(ActorRef<Uplink.Command> uplink) {
        TestProbe<Done> drained = KIT.createTestProbe();
        uplink.tell(new Uplink.Drain(drained.ref()));
        drained.receiveMessage();
    }
}

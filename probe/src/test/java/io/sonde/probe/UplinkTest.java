package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UplinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ActorTestKit KIT = ActorTestKit.create();

    @TempDir
    Path folder;

    private final AgentCounters counters = new AgentCounters();
    private int round;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    private record Request(List<String> events, CompletableFuture<Outcome> answer) {}

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aRoundIsOneRequest() throws Exception {
        List<QoeEvent> round = events(10);

        ActorRef<Uplink.Command> uplink = uplink(100, 10);
        round.forEach(event -> hold(uplink, List.of(event)));

        Request request = next();
        assertThat(request.events()).isEqualTo(json(round));
        request.answer().complete(new Outcome.Taken(9, 1, 0, 0));
        awaitDrained(uplink);
        assertThat(counters.count("accepted")).isEqualTo(9);
        assertThat(counters.count("duplicate")).isEqualTo(1);
    }

    @Test
    void noEventWaitsLongerThanTheLingerForItsRound() throws Exception {
        List<QoeEvent> alone = events(1);

        hold(uplink(100, 10), alone);

        assertThat(next().events()).isEqualTo(json(alone));
    }

    @Test
    void aFailedRequestIsSentAgainAsItWasAndBeforeAnythingElse() throws Exception {
        List<QoeEvent> first = events(2);
        List<QoeEvent> second = events(2);

        ActorRef<Uplink.Command> uplink = uplink(2, 1);
        hold(uplink, first);
        hold(uplink, second);
        next().answer().complete(new Outcome.Again("http_503", null));
        next().answer().complete(new Outcome.Again("connection", Duration.ofMillis(10)));

        Request third = next();
        assertThat(third.events()).isEqualTo(json(first));
        third.answer().complete(new Outcome.Taken(2, 0, 0, 0));
        assertThat(next().events()).isEqualTo(json(second));
        assertThat(counters.count("retry_http_503")).isEqualTo(1);
        assertThat(counters.count("retry_connection")).isEqualTo(1);
    }

    @Test
    void aWrongTokenIsWaitedForAndNothingIsDropped() throws Exception {
        List<QoeEvent> held = events(3);

        hold(uplink(100, 1), held);
        for (int i = 0; i < 5; i++) {
            next().answer().complete(new Outcome.Again("http_401", null));
        }

        assertThat(next().events()).isEqualTo(json(held));
        assertThat(counters.count("retry_http_401")).isEqualTo(5);
    }

    @Test
    void eventsOfAnEarlierClientIdThatTheTokenIsNotForDoNotHoldUpTheOthers() throws Exception {
        List<QoeEvent> own = events(2);

        ActorRef<Uplink.Command> uplink = uplink(100, 1);
        hold(uplink, events("earlier", 3));
        Request foreign = next();
        hold(uplink, own);
        foreign.answer().complete(new Outcome.Again("foreign_client", null));

        assertThat(next().events()).isEqualTo(json(own));
        assertThat(counters.count("dropped_other_client")).isEqualTo(3);
    }

    /** The token's scope, or a proxy: people can mend it. */
    @Test
    void anyOther403IsWaitedForAndNothingIsDropped() throws Exception {
        List<QoeEvent> earlier = events("earlier", 3);

        hold(uplink(100, 1), earlier);
        next().answer().complete(new Outcome.Again("http_403", null));

        assertThat(next().events()).isEqualTo(json(earlier));
        assertThat(counters.count("dropped_other_client")).isZero();
    }

    @Test
    void ownEventsThatTheTokenIsNotForAreWaitedFor() throws Exception {
        List<QoeEvent> own = events(2);

        hold(uplink(100, 1), own);
        next().answer().complete(new Outcome.Again("foreign_client", null));

        assertThat(next().events()).isEqualTo(json(own));
        assertThat(counters.count("retry_foreign_client")).isEqualTo(1);
    }

    @Test
    void theOnePoisonousEventIsFoundAndDroppedAndAllOthersAreTaken() throws Exception {
        List<QoeEvent> events = events(50);
        String poison = EventJson.of(events.get(17));
        List<String> taken = new ArrayList<>();

        hold(uplink(50, 1), events);
        while (taken.size() < 49) {
            Request request = next();
            boolean refused = request.events().contains(poison);
            if (!refused) {
                taken.addAll(request.events());
            }
            int size = request.events().size();
            request.answer().complete(refused ? new Outcome.Refused("http_400") : new Outcome.Taken(size, 0, 0, 0));
        }

        List<String> expected = new ArrayList<>(json(events));
        expected.remove(poison);
        assertThat(taken).isEqualTo(expected);
        assertThat(counters.count("dropped_http_400")).isEqualTo(1);
    }

    @Test
    void aNodeThatLimitsTheRateIsAskedForLess() throws Exception {
        hold(uplink(100, 1), events(40));

        next().answer().complete(new Outcome.Again("http_429", Duration.ZERO));
        next().answer().complete(new Outcome.Again("http_429", Duration.ZERO));

        assertThat(next().events()).hasSize(10);
    }

    @Test
    void aRequestIsNeverLargerThanABatch() throws Exception {
        hold(uplink(4, 1), events(6));

        Request first = next();
        assertThat(first.events()).hasSize(4);
        first.answer().complete(new Outcome.Taken(4, 0, 0, 0));
        assertThat(next().events()).hasSize(2);
    }

    @Test
    void aPostThatBreaksIsARetryToo() throws Exception {
        hold(uplink(100, 1), events(1));

        next().answer().completeExceptionally(new IllegalStateException("broken"));

        assertThat(next().events()).hasSize(1);
    }

    @Test
    void drainingEndsWithAFailedAttempt() throws Exception {
        ActorRef<Uplink.Command> uplink = uplink(100, 1);
        hold(uplink, events(1));
        Request request = next();
        TestProbe<Done> drained = KIT.createTestProbe();
        uplink.tell(new Uplink.Drain(drained.ref()));
        drained.expectNoMessage(Duration.ofMillis(50));

        request.answer().complete(new Outcome.Again("connection", null));

        drained.receiveMessage(PATIENCE);
    }

    /** What was not answered for goes first after a restart, whatever the probe before it was doing. */
    @Test
    void whatWasHeldIsSentByTheNextUplink() throws Exception {
        List<QoeEvent> events = events(5);
        ActorRef<Uplink.Command> before = uplink(2, 1);
        hold(before, events);
        next().answer().complete(new Outcome.Taken(2, 0, 0, 0));
        next();
        KIT.stop(before);

        uplink(100, 1);

        assertThat(next().events()).isEqualTo(json(events.subList(2, 5)));
    }

    static List<QoeEvent> events(int count) {
        return events("c", count);
    }

    static List<QoeEvent> events(String clientId, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new QoeEvent(
                        UUID.randomUUID(),
                        clientId,
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

    static List<String> json(List<QoeEvent> events) {
        return events.stream().map(EventJson::of).toList();
    }

    static UploadSettings settings(URI events, Trust trust, Path folder, int batch) {
        return settings(events, trust, folder, batch, Duration.ofSeconds(5));
    }

    static UploadSettings settings(URI events, Trust trust, Path folder, int batch, Duration timeout) {
        return settings(
                events, trust, folder, batch, timeout, new Backoff(Duration.ofMillis(10), Duration.ofMillis(50)));
    }

    static UploadSettings settings(URI events, Trust trust, Path folder, int batch, Duration timeout, Backoff backoff) {
        return new UploadSettings(
                events,
                trust,
                "sonde_ingest_x",
                true,
                Duration.ofMillis(200),
                batch,
                new QueueSettings(folder, Spool.LEAST_BYTES, Duration.ofMillis(10)),
                timeout,
                backoff.least(),
                backoff.most());
    }

    private ActorRef<Uplink.Command> uplink(int batch, int events) throws IOException, GeneralSecurityException {
        round = events;
        UploadSettings settings = settings(URI.create("http://node/"), Trust.system(), folder, batch);
        var queue = new EventQueue(Spool.open(folder, Spool.LEAST_BYTES, counters::dropped), counters);
        return KIT.spawn(Uplink.create(this::post, queue, settings, new Origin("c"), counters));
    }

    private void hold(ActorRef<Uplink.Command> uplink, List<QoeEvent> events) {
        TestProbe<Done> held = KIT.createTestProbe();
        uplink.tell(new Uplink.Hold(events, round, held.ref()));
        held.receiveMessage(PATIENCE);
    }

    private CompletionStage<Outcome> post(List<String> events) {
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
        drained.receiveMessage(PATIENCE);
    }
}

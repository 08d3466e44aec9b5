package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Batch;
import io.sonde.core.Grant;
import io.sonde.core.MalformedBody;
import io.sonde.core.Readings;
import io.sonde.core.Scope;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import io.sonde.core.Tracing;
import io.sonde.qoe.NetworkContext;
import io.sonde.qoe.QoeEvent;
import io.sonde.qoe.QoeEventWriter;
import io.sonde.qoe.QoeSignal;
import io.sonde.testkit.NotedSpans;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FollowedRequestTest {
    private static final QoeSignal SIGNAL = new QoeSignal();
    private static final Grant GRANT = new Grant("id", "default", Scope.INGEST, null);
    private static final TraceContext SENDERS = new TraceContext(7, 8, 9);

    /** The edge's part: from the bytes of a request to the batches that go to the bus. */
    @Property(tries = 300)
    void p15ASampledEventsTraceGoesOnWithItAndNoOther(@ForAll("events") List<QoeEvent> events) throws Exception {
        NotedSpans spans = new NotedSpans();
        List<Batch> batches = begin(spans, null, events).batches();

        Set<String> sampled = events.stream()
                .filter(event -> event.traceparent() != null)
                .flatMap(event ->
                        TraceContext.parse(event.traceparent())
                                .map(context -> event.eventId() + " " + context.traceId())
                                .stream())
                .collect(Collectors.toSet());
        Set<String> followed = batches.stream()
                .flatMap(batch -> batch.traces().stream())
                .map(traced -> traced.event() + " " + traced.context().traceId())
                .collect(Collectors.toSet());
        assertThat(followed).isEqualTo(sampled);
    }

    @Property(tries = 100)
    void whoFollowsNothingHandsOnWhatOthersFollow(@ForAll("events") List<QoeEvent> events) throws Exception {
        assertThat(begin(Tracing.OFF, null, events).batches()).isEqualTo(batches(readings(events)));
    }

    @Test
    void theSpanOfTheEdgeIsAChildOfTheEventsAndTheParentOfWhatComesAfterIt() throws Exception {
        NotedSpans spans = new NotedSpans();
        FollowedRequest request = begin(spans, null, List.of(event("a", SENDERS.traceparent())));
        request.step().end();

        assertThat(spans.ended(Tracing.Hop.EDGE)).singleElement().satisfies(span -> {
            assertThat(span.parent()).isEqualTo(SENDERS.span());
            assertThat(contexts(request)).containsExactly(span.context());
        });
    }

    @Test
    void theRequestsOwnTraceIsTheSendingOfAnEventThatIsInIt() throws Exception {
        NotedSpans spans = new NotedSpans();
        TraceContext sending = new TraceContext(SENDERS.traceHigh(), SENDERS.traceLow(), 10);
        FollowedRequest request = begin(spans, sending, List.of(event("a", SENDERS.traceparent()), event("b", null)));
        request.step().end();

        assertThat(spans.ended()).singleElement().satisfies(span -> assertThat(span.parent())
                .isEqualTo(10));
        assertThat(request.batches().get(0).traces()).hasSize(1);
        assertThat(request.batches().get(1).traces()).isEmpty();
    }

    @Test
    void theTraceOfAnEventThatIsTooLateIsNotThatOfAnother() throws Exception {
        QoeEvent late = event("a", TestEdge.RECV_TS_MS - 3_600_000, SENDERS.traceparent());
        FollowedRequest request = begin(new NotedSpans(), SENDERS, List.of(late, event("a", null)));

        assertThat(request.batches()).hasSize(1);
        assertThat(contexts(request)).isEmpty();
        assertThat(request.step().contexts())
                .as("the sending itself is in its trace")
                .hasSize(1);
    }

    @Test
    void aSendersOwnTraceFollowsNoMoreSourcesThanATraceHasRoomFor() throws Exception {
        List<QoeEvent> events = IntStream.range(0, 100)
                .mapToObj(i -> event("client-" + i, null))
                .toList();

        assertThat(contexts(begin(new NotedSpans(), SENDERS, events))).hasSize(TraceContext.MOST);
    }

    @Test
    void aSendersOwnTraceFollowsTheFirstEventOfEachSource() throws Exception {
        List<QoeEvent> events = List.of(event("a", null), event("b", null), event("a", null));
        FollowedRequest request = begin(new NotedSpans(), SENDERS, events);

        assertThat(request.batches())
                .extracting(batch -> batch.traces().stream().map(Traced::event).toList())
                .containsExactly(
                        List.of(events.get(0).eventId()), List.of(events.get(1).eventId()));
    }

    @Test
    void aRequestThatIsInNoTraceMayBeginOne() throws Exception {
        FollowedRequest own = begin(new NotedSpans(true), null, List.of(event("a", null)));
        FollowedRequest none = begin(new NotedSpans(), null, List.of(event("a", null)));

        assertThat(contexts(own)).isEqualTo(own.step().contexts()).hasSize(1);
        assertThat(contexts(none)).isEmpty();
        assertThat(none.step()).isSameAs(Tracing.NONE);
    }

    @Test
    void aRequestFullOfTracesIsFollowedInAsManyAsThereIsRoomFor() throws Exception {
        List<QoeEvent> events = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            events.add(event("client-" + i % 20, new TraceContext(i, i, i).traceparent()));
        }
        FollowedRequest request = begin(new NotedSpans(), SENDERS, events);

        assertThat(request.step().contexts()).hasSizeLessThanOrEqualTo(TraceContext.MOST + 1);
        assertThat(request.batches())
                .allSatisfy(batch -> assertThat(batch.traces()).hasSizeLessThanOrEqualTo(TraceContext.MOST));
    }

    private static List<TraceContext> contexts(FollowedRequest request) {
        return request.batches().stream()
                .flatMap(batch -> batch.contexts().stream())
                .toList();
    }

    private static FollowedRequest begin(Tracing tracing, @Nullable TraceContext own, List<QoeEvent> events)
            throws MalformedBody {
        Readings readings = readings(events);
        return FollowedRequest.begin(tracing, Optional.ofNullable(own), readings, batches(readings), 0);
    }

    private static Readings readings(List<QoeEvent> events) throws MalformedBody {
        return SIGNAL.read(QoeEventWriter.toJson(events), false, TestEdge.RECV_TS_MS, 1_000);
    }

    private static List<Batch> batches(Readings readings) {
        var quota = new ClientLimits(
                        new ClientRates(new ClientRate(1, 1, 100), Map.of()), () -> 0, new Random(1), 64, 1 << 10)
                .targets("default");
        return Intake.of(readings, SIGNAL.kind(), GRANT, quota, TestEdge.RECV_TS_MS)
                .batches();
    }

    private static QoeEvent event(String client, @Nullable String traceparent) {
        return event(client, TestEdge.RECV_TS_MS, traceparent);
    }

    private static QoeEvent event(String client, long tsMs, @Nullable String traceparent) {
        return new QoeEvent(
                UUID.randomUUID(),
                client,
                "https://example.org/",
                tsMs,
                new NetworkContext(null, null, null),
                1.0,
                2.0,
                3.0,
                4.0,
                null,
                null,
                null,
                traceparent);
    }

    /** No more than there is room for, of different traces. */
    @Provide
    Arbitrary<List<QoeEvent>> events() {
        Arbitrary<String> sampled = Combinators.combine(
                        Arbitraries.longs(), Arbitraries.longs().filter(id -> id != 0))
                .as((trace, span) ->
                        new TraceContext(UUID.randomUUID().getMostSignificantBits(), trace, span).traceparent());
        Arbitrary<String> unsampled = sampled.map(text -> text.substring(0, text.length() - 1) + "0");
        Arbitrary<String> broken = Arbitraries.strings().ofMaxLength(60);
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.oneOf(sampled, unsampled, broken).injectNull(0.3))
                .as(FollowedRequestTest::event)
                .list()
                .ofMinSize(1)
                .ofMaxSize(TraceContext.MOST);
    }
}

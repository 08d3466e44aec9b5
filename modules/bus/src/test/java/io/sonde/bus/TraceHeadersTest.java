package io.sonde.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.impl.Headers;
import io.sonde.core.TraceContext;
import io.sonde.core.Traced;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {
    @Property(tries = 200)
    void p15WhatIsFollowedComesBackFromTheHeadersOfItsMessage(@ForAll("traces") List<Traced> traces) {
        Headers headers = new Headers();
        TraceHeaders.add(traces, headers);

        assertThat(TraceHeaders.read(headers)).isEqualTo(traces);
        assertThat(headers.isEmpty()).isEqualTo(traces.isEmpty());
    }

    @Test
    void aMessageOfBeforeOrOfSomebodyElseIsNotFollowed() {
        Headers foreign = new Headers()
                .add(TraceHeaders.CONTEXT, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "nonsense")
                .add(TraceHeaders.EVENT, "no id", UUID.randomUUID().toString());

        assertThat(TraceHeaders.read(null)).isEmpty();
        assertThat(TraceHeaders.read(new Headers())).isEmpty();
        assertThat(TraceHeaders.read(foreign)).isEmpty();
    }

    @Provide
    Arbitrary<List<Traced>> traces() {
        Arbitrary<Long> ids = Arbitraries.longs().filter(id -> id != 0);
        return Combinators.combine(Arbitraries.create(UUID::randomUUID), ids, ids, ids)
                .as((event, high, low, span) -> new Traced(event, new TraceContext(high, low, span)))
                .list()
                .ofMaxSize(TraceContext.MOST);
    }
}

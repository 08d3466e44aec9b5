package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    /** Of the recommendation's own examples, §3.2.5. */
    private static final String EXAMPLE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void theExampleOfTheRecommendationIsRead() {
        TraceContext read = TraceContext.parse(EXAMPLE).orElseThrow();

        assertThat(read.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(read.spanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(read.traceparent()).isEqualTo(EXAMPLE);
    }

    @Property
    void anyContextComesBackFromItsHeader(@ForAll("contexts") TraceContext context) {
        assertThat(TraceContext.parse(context.traceparent())).contains(context);
    }

    @Property
    void anyTracesComeBackFromTheirBytesAndNoneTakeNone(@ForAll("traced") List<Traced> traces) {
        Packer to = new Packer(16);
        TraceContextFormat.writeTraced(traces, to);
        byte[] bytes = to.toBytes();

        assertThat(TraceContextFormat.readTraced(new Unpacker(bytes))).isEqualTo(traces);
        assertThat(bytes.length == 0).isEqualTo(traces.isEmpty());
    }

    @Test
    void aLaterVersionMayBeLonger() {
        assertThat(TraceContext.parse("cc" + EXAMPLE.substring(2) + "-what-the-future-holds"))
                .isEqualTo(TraceContext.parse(EXAMPLE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"
            })
    void whatIsNotSampledOrNoContextIsNone(String text) {
        assertThat(TraceContext.parse(text)).isEmpty();
    }

    @Provide
    static Arbitrary<TraceContext> contexts() {
        Arbitrary<Long> ids = Arbitraries.longs().filter(id -> id != 0);
        return Combinators.combine(Arbitraries.longs(), ids, ids).as(TraceContext::new);
    }

    @Provide
    Arbitrary<List<Traced>> traced() {
        return Combinators.combine(Arbitraries.create(UUID::randomUUID), contexts())
                .as(Traced::new)
                .list()
                .ofMaxSize(TraceContext.MOST);
    }
}

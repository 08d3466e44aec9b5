package io.sonde.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sonde.core.Counters;
import io.sonde.core.Grant;
import io.sonde.core.Scope;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final int MIB = 1 << 20;

    private final Counters counters = new Counters();
    private final InFlight inFlight = new InFlight(EdgeSettings.from(ConfigFactory.load()), counters);

    @Test
    void oneTokenMayHaveAQuarterOfTheBytesArriving() {
        for (int i = 0; i < 8; i++) {
            share("slow").takeArriving(MIB);
        }
        InFlight.Share oneTooMany = share("slow");

        assertThatThrownBy(() -> oneTooMany.takeArriving(1)).isInstanceOf(ProblemException.class);
        oneTooMany.close();

        assertThat(counters.count("edge_overload_total{of=\"token\"}")).isEqualTo(1);
        assertThat(inFlight.hasRoomFor(24 * MIB)).isTrue();
        share("other").takeArriving(8 * MIB);
    }

    @Test
    void whatHasArrivedCountsTowardsTheWholeAlone() {
        for (int i = 0; i < 32; i++) {
            InFlight.Share share = share("busy");
            share.takeArriving(MIB);
            share.arrived();
        }

        assertThat(inFlight.hasRoomFor(1)).isFalse();
        assertThatThrownBy(() -> share("busy").takeBytes(1)).isInstanceOf(ProblemException.class);
        assertThat(counters.count("edge_overload_total{of=\"bytes\"}")).isEqualTo(1);
    }

    @Test
    void ofTokensThatAreDoneNothingIsKept() {
        for (int i = 0; i < 1_000; i++) {
            InFlight.Share share = share("token-" + i);
            share.takeArriving(1_000);
            share.takeArriving(1_000);
            assertThat(inFlight.tokens()).isEqualTo(1);
            share.close();
        }

        assertThat(inFlight.tokens()).isZero();
        assertThat(inFlight.hasRoomFor(32 * MIB)).isTrue();
    }

    private InFlight.Share share(String token) {
        return inFlight.share(new Grant(token, "default", Scope.INGEST, null));
    }
}

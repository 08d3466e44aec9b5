package io.sonde.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Against a server that answers nobody for a second, once. */
class OpenLoopIT {
    private static final long STANDS_STILL_NANOS = 1_000_000_000L;
    private static final int REQUESTS_BEFORE = 50;

    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void whoStandsStillIsAskedNoLessAndHidesNothing() throws Exception {
        Load.Phase phase = run(Pace.open(100));

        assertThat(phase.tally().measured()).isEqualTo(200);
        assertThat(phase.tally().latencyMs(75))
                .as("of 200 requests about 100 waited")
                .isGreaterThan(200);
    }

    @Test
    void aClosedLoopHardlySeesIt() throws Exception {
        Load.Phase phase = run(Pace.CLOSED);

        assertThat(phase.tally().latencyMs(75)).isLessThan(200);
        assertThat(phase.tally().latencyMs(100)).isGreaterThan(900);
    }

    private Load.Phase run(Pace pace) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            Load load = new Load(new Standing(url), new LoadShape(20, 1, 1, 0, 0, 4, false, 0));
            Load.Phase phase = load.run(pace, 2);
            assertThat(load.complaints()).isEmpty();
            return phase;
        } finally {
            server.stop(0);
        }
    }

    /** By one thread. */
    private void take(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (requests.incrementAndGet() == REQUESTS_BEFORE) {
            LockSupport.parkNanos(STANDS_STILL_NANOS);
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private record Standing(URI where) implements Deployment {
        @Override
        public List<URI> urls() {
            return List.of(where);
        }

        @Override
        public Dialect dialect() {
            return new InfluxDialect();
        }

        @Override
        public List<ProcessCost> processes() {
            return List.of();
        }

        @Override
        public void close() {
            // Its server is the test's.
        }
    }
}

package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The test target and a DNS server are told to be slow, and the probe sees it in the stage that is. */
@Timeout(60)
class DelaysIT {
    /** Odd, for a median that was measured. */
    private static final int RUNS = 7;

    private static final int DELAY_MS = 240;
    private static final int KBPS = 40_000;

    /** Far from a normal stage and from a delayed one, on a machine that is busy with other things too. */
    private static final double NORMAL_MS = DELAY_MS / 2.0;

    private static final double NORMAL_KBPS = KBPS * 1.5;

    @TempDir
    static Path folder;

    private static Fixture on;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        Duration limit = Duration.ofSeconds(5);
        on = new Fixture(folder, new StageLimits(limit, limit, limit, limit, limit));
    }

    @AfterAll
    static void stop() throws IOException {
        on.close();
    }

    @AfterEach
    void leaveNothingSlow() throws Exception {
        normal();
    }

    /** Medians of some runs: one slow run of a busy machine is not what is meant. */
    private record Seen(double dnsMs, double tcpMs, double tlsMs, double ttfbMs, double kbps) {
        static Seen now() {
            List<Measurement> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                Measurement run = on.measure(on.tls("target.test", "/health"), on.http("127.0.0.1", "/fixed/1mb.bin"));
                assertThat(run.failure()).isNull();
                runs.add(run);
            }
            return new Seen(
                    median(runs, Measurement::dnsMs),
                    median(runs, Measurement::tcpMs),
                    median(runs, Measurement::tlsMs),
                    median(runs, Measurement::ttfbMs),
                    median(runs, Measurement::throughputKbps));
        }

        private static double median(List<Measurement> runs, Function<Measurement, @Nullable Double> stage) {
            return runs.stream()
                    .map(run -> Objects.requireNonNull(stage.apply(run)))
                    .sorted()
                    .toList()
                    .get(RUNS / 2);
        }

        /** @param slow the stage that is, null for none */
        void assertOnlySlow(@Nullable Stage slow) {
            assertThat(dnsMs).as("%s", this).satisfies(ms -> assertTime(ms, slow == Stage.DNS));
            assertThat(tcpMs).as("%s", this).isLessThan(NORMAL_MS);
            assertThat(tlsMs).as("%s", this).satisfies(ms -> assertTime(ms, slow == Stage.TLS));
            assertThat(ttfbMs).as("%s", this).satisfies(ms -> assertTime(ms, slow == Stage.HTTP));
            if (slow == Stage.THROUGHPUT) {
                assertThat(kbps).as("%s", this).isBetween(KBPS * 0.7, KBPS * 1.05);
            } else {
                assertThat(kbps).as("%s", this).isGreaterThan(NORMAL_KBPS);
            }
        }

        private static void assertTime(double ms, boolean slow) {
            if (slow) {
                assertThat(ms).isBetween(DELAY_MS * 0.95, DELAY_MS + NORMAL_MS);
            } else {
                assertThat(ms).isLessThan(NORMAL_MS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TCP")
    void aDelayIsSeenInItsStageAloneAndUntilItEnds(Stage stage) throws Exception {
        Seen.now().assertOnlySlow(null);

        delay(stage);
        Seen.now().assertOnlySlow(stage);

        normal();
        Seen.now().assertOnlySlow(null);
    }

    @Test
    void lookUpsAtTheSameTimeAreEachDelayedOnce() throws Exception {
        on.dns.delay(Duration.ofMillis(DELAY_MS));

        List<Measurement> together = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Measurement> lookUp = () -> on.measure(on.http("good.test", "/health"));
            for (Future<Measurement> run : threads.invokeAll(Collections.nCopies(4, lookUp))) {
                together.add(run.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(together)
                .allSatisfy(run -> assertThat(run.dnsMs()).isBetween((double) DELAY_MS, DELAY_MS + NORMAL_MS));
    }

    private static void delay(Stage stage) throws Exception {
        switch (stage) {
            case DNS -> on.dns.delay(Duration.ofMillis(DELAY_MS));
            case TCP -> throw new IllegalArgumentException("nothing here delays the handshake of TCP");
            case TLS -> ask("PUT", "?tls-ms=" + DELAY_MS);
            case HTTP -> ask("PUT", "?ttfb-ms=" + DELAY_MS);
            case THROUGHPUT -> ask("PUT", "?kbps=" + KBPS);
        }
    }

    private static void normal() throws Exception {
        on.dns.delay(Duration.ZERO);
        ask("DELETE", "");
    }

    private static void ask(String method, String query) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(on.http("127.0.0.1", "/admin/delays" + query)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }
}

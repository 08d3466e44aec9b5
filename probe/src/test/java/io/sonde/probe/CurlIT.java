package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The probe against {@code curl -w}, which times its own sockets: medians of 20 runs each, taken in turns. For addresses and
 * names of the hosts file curl reports the time of reading that file as its look-up, and the probe none: 0 here.
 */
@Timeout(120)
class CurlIT {
    private static final int RUNS = 20;
    /** A busy machine has its own ideas of milliseconds; one quiet series is enough. */
    private static final int SERIES = 5;

    private static final double MOST_APART_MS = 2;
    private static final String FORMAT =
            "{\"dns\":%{time_namelookup},\"tcp\":%{time_connect},\"tls\":%{time_appconnect},"
                    + "\"sent\":%{time_pretransfer},\"first\":%{time_starttransfer}}";

    @TempDir
    static Path folder;

    private static Fixture on;

    private record Stages(double dns, double tcp, double tls, double ttfb) {
        double mostApart(Stages other) {
            return DoubleStream.of(dns - other.dns, tcp - other.tcp, tls - other.tls, ttfb - other.ttfb)
                    .map(Math::abs)
                    .max()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        on = new Fixture(folder);
        Rehearsal.hold(Duration.ofSeconds(10), true, Trust.system());
    }

    @AfterAll
    static void stop() throws IOException {
        on.close();
    }

    @ParameterizedTest
    @CsvSource({"http, /health", "http, /slow?ms=50", "https, /health", "https, /slow?ms=50"})
    void everyStageIsWithinTwoMilliseconds(String scheme, String path) throws IOException, InterruptedException {
        String url = scheme.equals("http") ? on.http("localhost", path) : on.tls("localhost", path);
        String last = "";
        for (int series = 0; series < SERIES; series++) {
            List<Stages> ours = new ArrayList<>();
            List<Stages> curls = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                curls.add(curl(url));
                ours.add(probe(url));
            }
            Stages our = median(ours);
            Stages curl = median(curls);
            last = "probe " + our + ", curl " + curl;
            if (our.mostApart(curl) <= MOST_APART_MS) {
                return;
            }
        }
        fail(last);
    }

    /** Failures agree too: curl's exit codes as its manual lists them. */
    @ParameterizedTest
    @CsvSource({
        "http, /reset, HTTP reset, 56",
        "http, /short, HTTP short_body, 18",
        "http, /close, HTTP closed, 52",
        "http, /slow?ms=5000, HTTP timeout, 28",
        "http, /status/503, HTTP status_5xx, 22",
        "http, /status/404, HTTP status_4xx, 22",
        "expired, /health, TLS cert_expired, 60",
        "refused, /health, TCP refused, 7"
    })
    void failuresAreTheSame(String door, String path, String failure, int exit)
            throws IOException, InterruptedException {
        String url =
                switch (door) {
                    case "expired" -> on.expired("localhost", path);
                    case "refused" -> "http://127.0.0.1:1" + path;
                    default -> on.http("localhost", path);
                };

        StageFailed seen = on.measure(url).failure();
        Process curl = start("-m", "1", "-f", url);

        assertThat(seen).isNotNull();
        assertThat(seen.stage() + " " + seen.type()).isEqualTo(failure);
        curl.getInputStream().readAllBytes();
        assertThat(curl.waitFor()).isEqualTo(exit);
    }

    private static Stages probe(String url) {
        Measurement seen = on.trusting.measure(TargetUrl.parse(url), Optional.empty());
        assertThat(seen.failure()).isNull();
        return new Stages(ms(seen.dnsMs()), ms(seen.tcpMs()), ms(seen.tlsMs()), ms(seen.ttfbMs()));
    }

    private static Stages curl(String url) throws IOException {
        JsonNode seen =
                new ObjectMapper().readTree(start("-4", "-w", FORMAT, url).getInputStream());
        double dns = seen.get("dns").asDouble();
        double tcp = seen.get("tcp").asDouble();
        double tls = Math.max(seen.get("tls").asDouble(), tcp);
        return new Stages(
                dns * 1e3,
                (tcp - dns) * 1e3,
                (tls - tcp) * 1e3,
                (seen.get("first").asDouble() - seen.get("sent").asDouble()) * 1e3);
    }

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "--http1.1",
                "--cacert",
                on.target.authority().toString()));
        command.addAll(List.of(args));
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new IOException("curl is not on the PATH; install it: apt-get install curl", e);
        }
    }

    private static Stages median(List<Stages> all) {
        return new Stages(
                median(all.stream().mapToDouble(Stages::dns).toArray()),
                median(all.stream().mapToDouble(Stages::tcp).toArray()),
                median(all.stream().mapToDouble(Stages::tls).toArray()),
                median(all.stream().mapToDouble(Stages::ttfb).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return (values[values.length / 2 - 1] + values[values.length / 2]) / 2;
    }

    private static double ms(@Nullable Double value) {
        return value == null ? 0 : value;
    }
}

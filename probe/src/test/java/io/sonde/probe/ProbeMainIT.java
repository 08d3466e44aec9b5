package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProbeMainIT {
    @TempDir
    static Path folder;

    private static TargetServer target;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        target = TargetServer.start(TargetPorts.ANY_FREE, folder);
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @Test
    void onceShowsATableAndSucceeds() {
        int code =
                run("once", "--ca", target.authority().toString(), "https://localhost:" + target.tlsPort() + "/health");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("status 200", "TCP", "TLS", "HTTP", "total", " ms  |")
                .doesNotContain("DNS");
    }

    @Test
    void onceSaysWhatFailedAndFails() {
        int code = run("once", "http://localhost:" + target.httpPort() + "/status/503");

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("failed at HTTP: status_5xx");
    }

    @Test
    void onceMeasuresThroughputWhenAsked() {
        String url = "http://localhost:" + target.httpPort();

        assertThat(run("once", url + "/health,throughput=" + url + "/fixed/1mb.bin"))
                .isZero();
        assertThat(out.toString()).contains("throughput", "kbit/s");
    }

    @Test
    void onceInJsonIsTheEvent() throws IOException {
        int code = run("once", "--json", "http://localhost:" + target.httpPort() + "/slow?ms=20");

        assertThat(code).isZero();
        JsonNode event = new ObjectMapper().readTree(out.toString());
        assertThat(event.path("timings").path("http_ttfb_ms").asDouble()).isGreaterThan(20);
        assertThat(event.path("timings").path("dns_ms").isNull()).isTrue();
    }

    @Test
    void aWrongCommandLineIsExplainedWithoutAStackTrace() {
        assertThat(run("once", "--ca", "/none.pem", "not-a-url")).isEqualTo(2);
        assertThat(err.toString())
                .contains("ca: ", "'not-a-url' is not a target")
                .doesNotContain("\tat ");
        assertThat(run("run", "--interval", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("interval: ", "token: none given", "targets: nothing to measure");
        assertThat(run("measure")).isEqualTo(2);
    }

    @Test
    void aHomeThatCannotBeWrittenIsSaidInOneLine() {
        assertThat(run("run", "--target", "http://a/", "--token", "t", "--home", "/proc/none"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("cannot keep the client id").doesNotContain("\tat ");
    }

    @Test
    void helpTeaches() {
        assertThat(run("--help")).isZero();
        assertThat(run("run", "--help")).isZero();
        assertThat(out.toString())
                .contains("sonde-probe once https://example.org/", "SONDE_PROBE_INGEST_URL")
                .doesNotContain("exit-with-parent");
    }

    private int run(String... args) {
        return ProbeMain.execute(args, new PrintWriter(out, true), new PrintWriter(err, true));
    }
}

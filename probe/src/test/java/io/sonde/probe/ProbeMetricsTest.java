package io.sonde.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProbeMetricsTest {
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(sonde_probe_[a-z0-9_]*)`");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (sonde_\\S+) ");

    private final AgentCounters counters = new AgentCounters();
    private final ProbeMetrics metrics = new ProbeMetrics(counters, counters::waiting);

    @Test
    void whatTheProbeDoesIsShownAndDocumented() throws Exception {
        metrics.ran(new Course(0, 30_000_000, List.of(new Course.Passed(Stage.DNS, 0, 20_000_000))));
        counters.ran(true, 0);
        counters.taken(new Outcome.Taken(3, 0, 0, 0));
        counters.dropped("queue_full", 7);
        counters.retried("http_503");
        counters.waiting(5);

        String shown = scrape("/metrics").body();

        assertThat(shown)
                .contains("sonde_probe_stage_duration_seconds_bucket{stage=\"dns\",le=\"0.025\"} 1")
                .contains("sonde_probe_runs_total{result=\"succeeded\"} 1.0")
                .contains("sonde_probe_events_total{result=\"accepted\"} 3.0")
                .contains("sonde_probe_dropped_events_total{reason=\"queue_full\"} 7.0")
                .contains("sonde_probe_send_failures_total{reason=\"http_503\"} 1.0")
                .contains("sonde_probe_queue_events 5.0")
                .contains("jvm_memory_used_bytes");
        assertThat(names(FAMILY, shown))
                .isEqualTo(names(DOCUMENTED, Files.readString(Path.of("..", "docs", "metrics.md"))));
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(scrape("/").statusCode()).isEqualTo(404);
        assertThat(scrape("/metrics/x").statusCode()).isEqualTo(404);
    }

    @Test
    void aRequestThatDoesNotComeToItsEndKeepsNobodyAndIsGivenUp() throws Exception {
        try (MetricsServer server = server();
                Socket half = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            half.setSoTimeout(20_000);
            half.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));

            assertThat(scrape(server, "/metrics").statusCode()).isEqualTo(200);
            assertThat(half.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aReasonThatIsShownStays() {
        counters.dropped("z", 1);
        assertThat(counters.reasons("dropped_", 2, "other")).containsOnlyKeys("z");

        counters.dropped("a", 2);
        counters.dropped("b", 3);
        counters.retried("a");

        assertThat(counters.reasons("dropped_", 2, "other")).isEqualTo(Map.of("z", 1L, "a", 2L, "other", 3L));
        assertThat(counters.reasons("retry_", 2, "other")).isEqualTo(Map.of("a", 1L));
    }

    @Property(tries = 200)
    void p14TheNumberOfSeriesIsBoundedWhateverANodeAnswers(@ForAll List<String> reasons) {
        for (String reason : reasons) {
            counters.dropped(reason, 1);
            counters.retried(reason);
        }

        long series = metrics.registry().scrape().stream()
                .filter(family -> family.getMetadata().getName().startsWith("sonde_probe"))
                .mapToLong(family -> family.getDataPoints().size())
                .sum();

        assertThat(series).isLessThanOrEqualTo(17 + 2 * (ProbeMetrics.MOST_REASONS + 1));
    }

    private HttpResponse<String> scrape(String path) throws IOException, InterruptedException {
        try (MetricsServer server = server()) {
            return scrape(server, path);
        }
    }

    private MetricsServer server() throws IOException {
        return MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics.registry());
    }

    private static HttpResponse<String> scrape(MetricsServer server, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(4))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1).replaceFirst("_total$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

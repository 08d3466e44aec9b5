package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sonde.target.TargetPorts;
import io.sonde.target.TargetServer;
import io.sonde.testkit.DnsServer;
import io.sonde.testkit.SondeClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A probe, the target and the resolver that it alone asks, one of which can be made slow, and what the node says of it. */
final class SlowedSeries implements AutoCloseable {
    /** As from some way off: a busy machine alone does not multiply such times. */
    private static final Delays USUAL = new Delays(40, 60, 80, 50_000);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fault fault;
    private final SondeClient sonde;
    private final String node;
    private final TargetServer target;
    private final DnsServer dns;
    private final ProbeProcess probe;
    private final HttpClient http = HttpClient.newHttpClient();

    /** In ms, and kbit/s of bodies. */
    private record Delays(int dnsMs, int tlsMs, int ttfbMs, int kbps) {
        String query() {
            return "tls-ms=" + tlsMs + "&ttfb-ms=" + ttfbMs + "&kbps=" + kbps;
        }
    }

    /** One way of being slow, and what the node is to say of it. */
    enum Fault {
        DNS("dns-bound", "dns_p95"),
        TLS("handshake-bound", "tls_p95"),
        SERVER("server-bound", "ttfb_p95"),
        BODY("throughput-bound", "throughput_p50");

        private final String label;
        private final String quantity;

        Fault(String label, String quantity) {
            this.label = label;
            this.quantity = quantity;
        }

        /** Far more than usual: the first minute of a probe on a busy machine is part of what is usual, too. */
        private Delays delays() {
            return switch (this) {
                case DNS -> new Delays(1_200, USUAL.tlsMs(), USUAL.ttfbMs(), USUAL.kbps());
                case TLS -> new Delays(USUAL.dnsMs(), 2_000, USUAL.ttfbMs(), USUAL.kbps());
                case SERVER -> new Delays(USUAL.dnsMs(), USUAL.tlsMs(), 2_000, USUAL.kbps());
                case BODY -> new Delays(USUAL.dnsMs(), USUAL.tlsMs(), USUAL.ttfbMs(), 1_000);
            };
        }

        String label() {
            return label;
        }

        /** What the evidence has to be of. */
        String quantity() {
            return quantity;
        }
    }

    private SlowedSeries(
            Fault fault, SondeClient sonde, String node, TargetServer target, DnsServer dns, ProbeProcess probe) {
        this.fault = fault;
        this.sonde = sonde;
        this.node = node;
        this.target = target;
        this.dns = dns;
        this.probe = probe;
    }

    static SlowedSeries start(Path folder, URI node, String token, SondeClient sonde, Fault fault) throws Exception {
        Path own = Files.createDirectories(folder.resolve(fault.label()));
        TargetServer target = TargetServer.start(TargetPorts.ANY_FREE, own.resolve("certificates"));
        DnsServer dns = DnsServer.start();
        List<String> options = new ArrayList<>(List.of("--client-id", fault.label() + "-client"));
        options.addAll(List.of("--dns-server", dns.setting()));
        options.addAll(List.of("--ca", target.authority().toString()));
        options.addAll(List.of("--interval", "5s", "--throughput-interval", "10s"));
        options.addAll(List.of("--target", measured(target, fault)));
        // Without its rehearsal the first minutes of a probe are about its own JVM.
        ProbeProcess probe =
                ProbeProcess.start(own, node, token, target, options, Map.of("SONDE_PROBE_REHEARSAL", "30s"));
        var series = new SlowedSeries(fault, sonde, node.toString(), target, dns, probe);
        series.suffer(USUAL);
        return series;
    }

    private static String measured(TargetServer target, Fault fault) {
        String url = "https://target.test:" + target.tlsPort() + "/health";
        return fault == Fault.BODY ? url + ",throughput=http://127.0.0.1:" + target.httpPort() + "/fixed/1mb.bin" : url;
    }

    Fault fault() {
        return fault;
    }

    void slow() throws IOException, InterruptedException {
        suffer(fault.delays());
    }

    void recover() throws IOException, InterruptedException {
        suffer(USUAL);
    }

    private void suffer(Delays delays) throws IOException, InterruptedException {
        dns.delay(Duration.ofMillis(delays.dnsMs()));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + target.httpPort() + "/admin/delays?" + delays.query()))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Its closed windows, oldest first. */
    List<JsonNode> windows() throws Exception {
        return list("windows");
    }

    /** All that it ever had, the latest first. */
    List<JsonNode> incidents() throws Exception {
        return list("incidents");
    }

    private List<JsonNode> list(String name) throws Exception {
        HttpResponse<String> answer = sonde.get(node, "/api/v1/" + name + "?client_id=" + fault.label() + "-client");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> items = new ArrayList<>();
        JSON.readTree(answer.body()).path(name).forEach(items::add);
        return items;
    }

    /** A line per window and per incident. */
    String story() throws Exception {
        StringJoiner story = new StringJoiner("\n  ", fault + " of " + fault.quantity() + "\n  ", "");
        for (JsonNode window : windows()) {
            story.add(Instant.parse(window.path("window_start_ts").asText()) + " "
                    + window.path("diagnosis_label").asText() + " of " + window.path("count_total") + ", p95 dns "
                    + window.path("dns_p95") + " tcp " + window.path("tcp_p95") + " tls " + window.path("tls_p95")
                    + " ttfb " + window.path("ttfb_p95") + ", throughput " + window.path("throughput_p50"));
        }
        incidents().forEach(incident -> story.add(incident.toString()));
        return story.toString();
    }

    String probeLog() throws IOException {
        return probe.log();
    }

    @Override
    public void close() throws IOException {
        probe.close();
        dns.close();
    }
}

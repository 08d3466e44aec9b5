package io.sonde.probe;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sonde-probe run}: the agent. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Measures targets again and again and sends what it saw to a Sonde node, until it is stopped.",
        footer = {
            "",
            "Every flag is also a key of the configuration file and a variable of the environment: --ingest-url is",
            "sonde.probe.ingest-url and SONDE_PROBE_INGEST_URL. Flags win over the environment, that over the file.",
            "",
            "Exit code: 143 stopped by SIGTERM, 130 by Ctrl-C, 1 it could not start, 2 the command line or a setting is",
            "wrong.",
            "",
            "Example:",
            "  sonde-probe run --ingest-url http://sonde.example:8081 --token-file token \\",
            "      --target https://example.org/health --target https://example.com/,throughput=https://example.com/1mb.bin"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private MeasureOptions options = new MeasureOptions();

    @Option(
            names = "--target",
            paramLabel = "URL[,throughput=URL]",
            description = "What to measure, and where its throughput; repeat for more.")
    private @Nullable List<String> targets;

    @Option(names = "--interval", paramLabel = "DURATION", description = "Start to start, per target, like 5s.")
    private @Nullable String interval;

    @Option(
            names = "--throughput-interval",
            paramLabel = "DURATION",
            description = "How often throughput is measured, like 5m; 'off' for never.")
    private @Nullable String throughputInterval;

    @Option(names = "--ingest-url", paramLabel = "URL", description = "The node, like http://127.0.0.1:8081.")
    private @Nullable String ingestUrl;

    @Option(
            names = "--ingest-ca",
            paramLabel = "FILE",
            description = "PEM file of authorities that may vouch for an https node, besides the system's.")
    private @Nullable String ingestCa;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with the token for that node.")
    private @Nullable String tokenFile;

    @Option(names = "--token", paramLabel = "TOKEN", description = "The token itself; others can see it in 'ps'.")
    private @Nullable String token;

    @Option(names = "--client-id", paramLabel = "ID", description = "Who measures, instead of the id kept in --home.")
    private @Nullable String clientId;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where the probe keeps its id and the events that wait; ~/.sonde/probe by default.")
    private @Nullable String home;

    @Option(names = "--label", paramLabel = "TEXT", description = "What you call the place, like office.")
    private @Nullable String label;

    @Option(
            names = "--interface-type",
            paramLabel = "TYPE",
            description = "wifi, ethernet, cellular, …; auto by default.")
    private @Nullable String interfaceType;

    @Option(
            names = "--vpn",
            paramLabel = "true|false|auto",
            arity = "0..1",
            fallbackValue = "true",
            description = "Whether a VPN is in use; auto by default.")
    private @Nullable String vpn;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description =
                    "Serve what the probe does to Prometheus, at http://127.0.0.1:PORT/metrics; nowhere by default.")
    private @Nullable String metricsPort;

    @Option(
            names = "--config-from-node",
            arity = "0..1",
            fallbackValue = "true",
            description =
                    "Ask the node what to measure; its answer, where it has one, replaces --target and --interval.")
    private @Nullable String configFromNode;

    @Option(
            names = "--allow-private-targets",
            arity = "0..1",
            fallbackValue = "true",
            description = "Let the node name targets in private networks and on this machine too.")
    private @Nullable String allowPrivateTargets;

    @Option(names = "--exit-with-parent", hidden = true, description = "Stop at the end of standard input.")
    private boolean exitWithParent;

    @Override
    public Integer call() throws WrongSettings, IOException, GeneralSecurityException {
        List<String> problems = new ArrayList<>();
        AgentSettings settings = AgentSettings.read(options.settings(flags(), problems), problems);
        String id =
                settings.clientId().isEmpty() ? ClientIdFile.in(settings.home()).read() : settings.clientId();
        Agent agent = Agent.start(settings, id);
        if (exitWithParent) {
            agent.stopWith(System.in);
        }
        agent.awaitEnd();
        return 0;
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = new HashMap<>();
        MeasureOptions.put(flags, "targets", targets);
        MeasureOptions.put(flags, "interval", interval);
        MeasureOptions.put(flags, "throughput-interval", throughputInterval);
        MeasureOptions.put(flags, "ingest-url", ingestUrl);
        MeasureOptions.put(flags, "ingest-ca", ingestCa);
        MeasureOptions.put(flags, "client-id", clientId);
        MeasureOptions.put(flags, "home", home);
        MeasureOptions.put(flags, "label", label);
        MeasureOptions.put(flags, "interface-type", interfaceType);
        MeasureOptions.put(flags, "vpn", vpn);
        MeasureOptions.put(flags, "metrics-port", metricsPort);
        MeasureOptions.put(flags, "config-from-node", configFromNode);
        MeasureOptions.put(flags, "allow-private-targets", allowPrivateTargets);
        if (token != null || tokenFile != null) {
            // A flag of the one kind replaces the other kind from anywhere else.
            flags.put("token", token == null ? "" : token);
            flags.put("token-file", tokenFile == null ? "" : tokenFile);
        }
        return flags;
    }
}

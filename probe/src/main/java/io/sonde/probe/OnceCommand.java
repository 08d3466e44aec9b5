package io.sonde.probe;

import com.typesafe.config.Config;
import io.sonde.qoe.NetworkContext;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sonde-probe once URL}: one measurement, for the eye or for a script. */
@Command(
        name = "once",
        mixinStandardHelpOptions = true,
        description = "Measures a URL once and shows where the time went.",
        footer = {
            "",
            "A stage that did not happen has no line: no DNS for an address or a name of the hosts file, no TLS for http.",
            "For https it rehearses the handshake within itself first, which takes a few seconds: a fresh JVM is slow.",
            "HTTP is the time from the request written to the first byte of the answer. Redirects are not followed.",
            "",
            "Exit code: 0 the measurement succeeded, 1 it failed, 2 the command line or a setting is wrong.",
            "",
            "Examples:",
            "  sonde-probe once https://example.org/",
            "  sonde-probe once --json http://localhost:8080/slow?ms=50",
            "  sonde-probe once --ca data/target/ca.pem https://localhost:8443/health"
        })
final class OnceCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call
    private CommandSpec spec;

    @Mixin
    private MeasureOptions options = new MeasureOptions();

    @Option(names = "--json", description = "Print the event as the probe would send it.")
    private boolean json;

    @Parameters(
            paramLabel = "URL[,throughput=URL]",
            description = "What to measure; with throughput= also the rate at which that object comes.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String target;

    @Override
    public Integer call() throws WrongSettings {
        List<String> problems = new ArrayList<>();
        Optional<Target> parsed = parsed(problems);
        Config config = options.settings(Map.of(), problems);
        MeasureSettings settings = MeasureSettings.read(config, problems);
        Target what = parsed.filter(good -> problems.isEmpty()).orElseThrow(() -> new WrongSettings(problems));
        Rehearsal.hold(settings.rehearsal(), what.url().secure(), settings.trust());
        try (HttpProbe probe = settings.probe(Clock.systemUTC())) {
            Measurement seen = probe.measure(what.url(), what.download());
            PrintWriter out = spec.commandLine().getOut();
            out.print(json ? event(seen) : StageTable.of(seen));
            out.flush();
            return seen.successful() ? 0 : 1;
        }
    }

    private Optional<Target> parsed(List<String> problems) {
        try {
            return Optional.of(Target.parse(target));
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static String event(Measurement seen) {
        NetworkContext context = NetworkDetection.LINUX.context(new Place(null, null, ""));
        return EventJson.of(seen.toEvent(UUID.randomUUID(), "once", context, null)) + System.lineSeparator();
    }
}

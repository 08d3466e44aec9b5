package io.sonde.app.cli;

import io.sonde.app.doctor.Doctor;
import io.sonde.app.doctor.Finding;
import io.sonde.app.problem.ExitCode;
import io.sonde.edge.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Look at everything a node stands on: configuration, ports, disk, clock, names, permissions, PostgreSQL and NATS;"
                    + " and say of all that is wrong how it is repaired. Nodes may run meanwhile.",
            "It writes nothing but a small file in DIR, for a moment; a PostgreSQL in DIR that does not run is started and"
                    + " stopped again. Exit code 0: all is fine; 11: warnings; 12: errors."
        },
        footer = {
            "",
            "Examples:",
            "  sonde doctor",
            "  sonde doctor --config conf/sonde.conf",
            "  sonde doctor --config conf/sonde.conf --json"
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder of sonde up (default: data, when no --config is given).")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A node's configuration; with --data, the one that sonde up is given.")
    private @Nullable Path config;

    @Option(
            names = "--http-port",
            paramLabel = "N",
            defaultValue = "8081",
            description = "As of sonde up (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--target-port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "As of sonde up (default: ${DEFAULT-VALUE}).")
    private int targetPort;

    @Option(names = "--json", description = "One JSON object instead of lines.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logs.errorsOnly();
        List<Finding> findings = findings();
        ExitCode outcome = outcome(findings);
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(findings, outcome) : text(findings));
        return outcome.code();
    }

    private List<Finding> findings() {
        return config != null && data == null
                ? Doctor.ofConfiguration(config, Clock.systemUTC())
                : Doctor.ofFolder(
                        data == null ? Path.of("data") : data,
                        httpPort,
                        targetPort,
                        Optional.ofNullable(config),
                        Clock.systemUTC());
    }

    private static ExitCode outcome(List<Finding> findings) {
        if (count(findings, Finding.Level.ERROR) > 0) {
            return ExitCode.BROKEN;
        }
        return count(findings, Finding.Level.WARNING) > 0 ? ExitCode.DOUBTFUL : ExitCode.OK;
    }

    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format("%-8s %-22s %s%n", level(finding), finding.check(), finding.found()));
            if (!finding.repair().isEmpty()) {
                text.append(String.format("%-8s   repair: %s%n", "", finding.repair()));
            }
        }
        return text.append(String.format(
                        "%d errors, %d warnings, %d fine",
                        count(findings, Finding.Level.ERROR),
                        count(findings, Finding.Level.WARNING),
                        count(findings, Finding.Level.OK)))
                .toString();
    }

    private static String json(List<Finding> findings, ExitCode outcome) {
        return Json.object(json -> {
            json.writeStringField("outcome", outcome.name().toLowerCase(Locale.ROOT));
            json.writeArrayFieldStart("findings");
            for (Finding finding : findings) {
                json.writeStartObject();
                json.writeStringField("level", level(finding));
                json.writeStringField("check", finding.check());
                json.writeStringField("found", finding.found());
                json.writeStringField("repair", finding.repair());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static String level(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static long count(List<Finding> findings, Finding.Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}

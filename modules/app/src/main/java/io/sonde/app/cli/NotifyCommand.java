package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.sonde.app.config.Configuration;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.core.Channel;
import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Notification;
import io.sonde.notify.NotifySettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code sonde notify}: how people are told. */
@Command(
        name = "notify",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "test",
        description = "Try the channels by which people are told.",
        footer = {"", "Example:", "  sonde notify test on-call --config conf/sonde.conf"})
final class NotifyCommand {
    private static final long LASTED_MS = 120_000;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A node's configuration: its sonde.notify has the channels; without it there is only log.")
    private @Nullable Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Command(
            description = {
                "Send through one channel that a problem began, and then that it is over, and say what was answered.",
                "Routes, silences and what runs on nodes have no part in it."
            },
            mixinStandardHelpOptions = true)
    int test(@Parameters(paramLabel = "CHANNEL", description = "Its name in sonde.notify.channels.") String name) {
        Map<String, Channel> channels = channels();
        Channel channel = channels.get(name);
        if (channel == null) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "there is no channel " + name + " in sonde.notify.channels; there are "
                            + String.join(", ", channels.keySet()));
        }
        String problem = "test-" + UUID.randomUUID();
        long now = Clock.systemUTC().millis();
        send(channel, notification(problem, now - LASTED_MS, null), "firing", ExitCode.UNREACHABLE);
        send(channel, notification(problem, now - LASTED_MS, now), "resolved", ExitCode.PARTLY);
        return ExitCode.OK.code();
    }

    private void send(Channel channel, Notification notification, String what, ExitCode otherwise) {
        try {
            String answer = channel.send(notification)
                    .thenApply(String::valueOf)
                    .toCompletableFuture()
                    .join();
            PrintWriter out = spec.commandLine().getOut();
            out.println(what + ": " + answer);
            out.flush();
        } catch (CompletionException e) {
            throw new Problem(otherwise, what + " was not taken: " + reason(e), e);
        }
    }

    private static String reason(CompletionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage());
    }

    private Map<String, Channel> channels() {
        Config whole = config == null ? Configuration.of(Map.of()) : Configuration.ofFile(config);
        return NotifySettings.from(whole.getConfig("sonde.notify")).open(Clock.systemUTC());
    }

    private static Notification notification(String problem, long startedMs, @Nullable Long endedMs) {
        var evidence = new Evidence("test", "ms", 412, new Norm(48, 6, 10), Norm.NONE, 60);
        var member = new Notification.Member(
                problem, "a test", "https://test.invalid/", "test", startedMs, endedMs, 1, List.of(evidence));
        return new Notification(
                problem + (endedMs == null ? "-firing" : "-resolved"),
                problem,
                endedMs != null,
                "default",
                "test",
                Notification.Scope.TARGET,
                "test",
                member.source(),
                member.target(),
                startedMs,
                endedMs,
                List.of(member));
    }
}

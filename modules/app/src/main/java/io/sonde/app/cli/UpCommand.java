package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.up.Up;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Run everything in one process tree: a node with its own PostgreSQL, a test target, and a probe that measures it.",
            "Prints \"ready URL token=TOKEN\" on standard output when it takes traffic; logs go to DIR/log."
                    + " Ctrl-C stops all of it; what was measured stays in DIR."
        },
        footer = {"", "Examples:", "  sonde up", "  sonde up --data /var/lib/sonde --http-port 9081 --no-probe"})
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where everything is kept across restarts (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--http-port",
            paramLabel = "N",
            defaultValue = "8081",
            description = "Where events are taken and questions answered (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--target-port",
            paramLabel = "N",
            defaultValue = "8080",
            description = {
                "The test target's plain HTTP (default: ${DEFAULT-VALUE}). TLS is at 8443 and, with an expired certificate,"
                        + " 8444; for another N than 8080 at N+1 and N+2. 0 takes free ports."
            })
    private int targetPort;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "More settings, as in conf/sonde.conf: sonde.notify says who is told of what. What changes in it"
                            + " under sonde.notify and sonde.diagnosis holds at once.")
    private @Nullable Path config;

    @Option(names = "--no-probe", description = "Measure nothing; the test target is still there.")
    private boolean withoutProbe;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logs.toFile(data.resolve("log").resolve("sonde.log"));
        PrintWriter err = spec.commandLine().getErr();
        err.println("starting; a first start takes a few seconds longer …");
        err.flush();
        Up up = new Up(new Up.Settings(data, httpPort, targetPort, !withoutProbe, Optional.ofNullable(config)));
        Thread stop = new Thread(up::close, "stop-up");
        Runtime.getRuntime().addShutdownHook(stop);
        Up.Ready ready = up.start();
        PrintWriter out = spec.commandLine().getOut();
        out.println("ready " + ready.url() + " token=" + ready.token());
        out.flush();
        err.print(whatNext(ready));
        err.flush();
        up.awaitEnd();
        return ExitCode.OK.code();
    }

    private String whatNext(Up.Ready ready) {
        String target = "http://127.0.0.1:" + ready.target().http();
        String probe = withoutProbe
                ? "sonde-probe once " + target + "/slow?ms=250"
                : "# a probe measures " + target + "; its first windows close within 80 s";
        return """

                What next
                  open %1$s/ and sign in as admin; %6$s
                  curl -H 'Authorization: Bearer %2$s' '%1$s/api/v1/windows?limit=5'
                  curl '%1$s/api/openapi.json'
                  %3$s
                  curl -X PUT '%5$s/admin/delays?ttfb-ms=400'   # the target is slow from now on; -X DELETE ends it
                  # logs: %4$s; Ctrl-C stops everything
                """
                .formatted(ready.url(), ready.token(), probe, ready.log(), target, password(ready));
    }

    private static String password(Up.Ready ready) {
        String first = ready.password();
        return first == null
                ? "the password is yours, or still the one in " + ready.passwordFile()
                : "the password, shown this once: " + first;
    }
}

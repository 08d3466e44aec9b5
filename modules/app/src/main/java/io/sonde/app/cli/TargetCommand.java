package io.sonde.app.cli;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.storage.DataFolder;
import io.sonde.app.up.Ports;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde target}. */
@Command(
        name = "target",
        mixinStandardHelpOptions = true,
        description = {
            "Run the test target: a server there to be measured, with every fault a probe must tell apart.",
            "Paths: /health  /slow?ms=N  /fixed/1mb.bin  /status/CODE  /reset"
        },
        footer = {
            "",
            "Examples:",
            "  sonde target --port 8080",
            "  sonde-probe once http://127.0.0.1:8080/slow?ms=250",
            "",
            "While it runs, from the same machine, all answers slow and normal again (ttfb-ms, tls-ms, kbps):",
            "  curl -X PUT 'http://127.0.0.1:8080/admin/delays?ttfb-ms=400'",
            "  curl -X DELETE http://127.0.0.1:8080/admin/delays"
        })
final class TargetCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = {
                "Where plain HTTP listens (default: ${DEFAULT-VALUE}). TLS is at 8443 and, with an expired certificate, 8444;"
                        + " for another N than 8080 at N+1 and N+2. 0 takes free ports."
            })
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (default: ${DEFAULT-VALUE}, this machine alone).")
    private InetAddress host = InetAddress.getLoopbackAddress();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where its certificates are kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        TargetServer target = start();
        Runtime.getRuntime().addShutdownHook(new Thread(target::close, "stop-target"));
        PrintWriter out = spec.commandLine().getOut();
        String name = host.getHostAddress();
        out.println("ready http://" + name + ":" + target.httpPort() + " https://" + name + ":" + target.tlsPort()
                + " expired https://" + name + ":" + target.expiredTlsPort() + " ca=" + target.authority());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    private TargetServer start() {
        try {
            return TargetServer.start(
                    host, Ports.target(port, "--port"), DataFolder.open(data).target());
        } catch (IOException e) {
            throw new Problem(ExitCode.IN_USE, "the test target does not start: " + e.getMessage(), e);
        }
    }
}

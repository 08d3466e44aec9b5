package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.sonde.app.config.ConfigurationSource;
import io.sonde.app.node.Node;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.storage.DatabaseAddress;
import io.sonde.app.storage.Migrations;
import io.sonde.app.up.NodePorts;
import io.sonde.edge.TlsFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sonde node}. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "Run one node of a cluster on external PostgreSQL, and on NATS unless sonde.bus = direct.",
            "It logs to standard error and stops cleanly on SIGTERM: its work moves to the others first."
        },
        footer = {
            "",
            "Example: two nodes on one machine",
            "  sonde migrate --config conf/node1.conf",
            "  sonde node --config conf/node1.conf",
            "  sonde node --config conf/node2.conf"
        })
final class NodeCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The node's configuration (HOCON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path config;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ConfigurationSource source = ConfigurationSource.ofFile(config, Map.of());
        Config whole = source.config();
        NodePorts.requireFree(whole);
        new Migrations(DatabaseAddress.of(whole)).requireCurrent();
        Node node = Node.start(whole, source::changed);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-node"));
        spec.commandLine()
                .getOut()
                .println("ready "
                        + TlsFiles.from(whole.getConfig("sonde.http.tls")).scheme() + "://"
                        + whole.getString("sonde.http.host") + ":" + node.httpPort());
        spec.commandLine().getOut().flush();
        node.awaitStopped();
        return ExitCode.FAILED.code();
    }
}

package io.sonde.faults;

import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes of one cluster, each in a JVM of its own and on ports that it keeps when it is started again. */
final class Nodes implements AutoCloseable {
    /** What a node is told of its place in the network, beside its port of remoting. */
    interface Network {
        Network LOOPBACK = (node, port) -> Map.of("pekko.remote.artery.canonical.hostname", "127.0.0.1");

        Map<String, String> settings(int node, int port);
    }

    private final Path folder;
    private final Network network;
    private final Map<String, String> settings;
    private final List<Integer> httpPorts = new ArrayList<>();
    private final List<Integer> remotePorts = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<NodeProcess> processes = new ArrayList<>();
    private int starts;

    private Nodes(Path folder, Map<String, String> settings, Network network) {
        this.folder = folder;
        this.network = network;
        this.settings = settings;
    }

    static Nodes onDirectBus(Path folder, PostgresServer.Database database, int count) throws IOException {
        return start(folder, database, count, Map.of("sonde.bus", "direct"));
    }

    static Nodes onJetStream(Path folder, PostgresServer.Database database, NatsServer nats, int count)
            throws IOException {
        return start(folder, database, count, jetStream(nats.url()));
    }

    static Map<String, String> jetStream(String url) {
        return Map.of("sonde.bus", "jetstream", "sonde.nats.url", quoted(url));
    }

    static Map<String, String> jetStream(String url, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(jetStream(url));
        settings.putAll(more);
        return settings;
    }

    static Nodes start(Path folder, PostgresServer.Database database, int count, Map<String, String> more)
            throws IOException {
        return start(folder, database, count, more, Network.LOOPBACK, NodeProcess.Program.NODE);
    }

    static Nodes start(
            Path folder, PostgresServer.Database database, int count, Map<String, String> more, Network network)
            throws IOException {
        return start(folder, database, count, more, network, NodeProcess.Program.NODE);
    }

    static Nodes start(
            Path folder,
            PostgresServer.Database database,
            int count,
            Map<String, String> more,
            NodeProcess.Program program)
            throws IOException {
        return start(folder, database, count, more, Network.LOOPBACK, program);
    }

    private static Nodes start(
            Path folder,
            PostgresServer.Database database,
            int count,
            Map<String, String> more,
            Network network,
            NodeProcess.Program program)
            throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "sonde.silence", Extent.SILENCE,
                "sonde.nats.ack-wait", Extent.ackWait(count),
                "sonde.database.url", quoted(database.url()),
                "sonde.database.user", database.user()));
        settings.putAll(more);
        Nodes nodes = new Nodes(folder, settings, network);
        for (int i = 0; i < count; i++) {
            nodes.httpPorts.add(NodeProcess.freePort());
            nodes.remotePorts.add(NodeProcess.freePort());
            nodes.hosts.add(network.settings(i, nodes.remotePorts.get(i))
                    .getOrDefault("pekko.remote.artery.canonical.hostname", "127.0.0.1")
                    .replace("\"", ""));
        }
        try {
            // One after another: they would keep each other's heartbeats waiting on a machine with few cores.
            for (int i = 0; i < count; i++) {
                nodes.processes.add(nodes.launch(i, program));
            }
            return nodes;
        } catch (RuntimeException e) {
            nodes.close();
            throw e;
        }
    }

    List<URI> urls() {
        return httpPorts.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port))
                .toList();
    }

    NodeProcess get(int node) {
        return processes.get(node);
    }

    int count() {
        return processes.size();
    }

    void restart(int node) {
        restart(node, NodeProcess.Program.NODE);
    }

    void restart(int node, NodeProcess.Program program) {
        processes.get(node).close();
        processes.set(node, launch(node, program));
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::close);
    }

    private NodeProcess launch(int node, NodeProcess.Program program) {
        Map<String, String> own = new HashMap<>(settings);
        own.put("sonde.http.port", Integer.toString(httpPorts.get(node)));
        own.put("pekko.remote.artery.canonical.port", Integer.toString(remotePorts.get(node)));
        own.putAll(network.settings(node, remotePorts.get(node)));
        if (remotePorts.size() > 1) {
            own.put("pekko.cluster.seed-nodes", seeds().toString());
        }
        try {
            return NodeProcess.start(folder, "node" + (node + 1) + "-" + nextStart(), own, program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> seeds() {
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            seeds.add(quoted("pekko://sonde@" + hosts.get(i) + ":" + remotePorts.get(i)));
        }
        return seeds;
    }

    private synchronized int nextStart() {
        return ++starts;
    }

    private static String quoted(String value) {
        return "\"" + value + "\"";
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Nodes as processes of their own, one PostgreSQL, and a NATS server where the bus needs one. */
final class LocalCluster implements SondeDeployment {
    private final Path sonde;
    private final Folder folder;
    private final Launched postgres;
    private final Optional<NatsProcess> nats;
    private final List<Path> configs = new ArrayList<>();
    private final List<Launched> nodes = new ArrayList<>();
    private String token = "";

    private LocalCluster(Path sonde, Folder folder, boolean jetStream) throws IOException {
        this.sonde = sonde;
        this.folder = folder;
        postgres = Launched.start(
                List.of(sonde.toString(), "postgres", "--data", data().toString()), Map.of(), log("postgres"));
        nats = jetStream ? Optional.of(NatsProcess.start(folder.path())) : Optional.empty();
    }

    /** Blocks until all nodes take traffic. */
    static LocalCluster start(Path sonde, Path parent, boolean jetStream, int nodes) throws IOException {
        LocalCluster cluster = new LocalCluster(sonde, Folder.under(parent), jetStream);
        cluster.configure(nodes);
        String first = cluster.configs.get(0).toString();
        cluster.output("migrate", "--config", first);
        cluster.token = cluster.output("token", "create", "--config", first, "--scope", "admin");
        cluster.startAgain();
        return cluster;
    }

    @Override
    public List<URI> urls() {
        return nodes.stream().map(node -> URI.create(node.ready().get(1))).toList();
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public List<ProcessCost> processes() {
        List<ProcessCost> processes = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            processes.add(new ProcessCost("node " + (i + 1), nodes.get(i).pid(), false));
        }
        processes.add(new ProcessCost("PostgreSQL", postgres.child("postgres").pid(), true));
        nats.ifPresent(server -> processes.add(server.cost()));
        return processes;
    }

    @Override
    public Path data() {
        return folder.path().resolve("data");
    }

    @Override
    public void stop() {
        nodes.forEach(Launched::close);
    }

    @Override
    public void kill() throws InterruptedException {
        for (Launched node : nodes) {
            node.kill();
        }
    }

    /** One after another: they would keep each other's heartbeats waiting on a machine with few cores. */
    @Override
    public void startAgain() throws IOException {
        nodes.clear();
        for (int i = 0; i < configs.size(); i++) {
            List<String> command =
                    List.of(sonde.toString(), "node", "--config", configs.get(i).toString());
            nodes.add(Launched.start(command, SondeDeployment.environment(""), log("node" + (i + 1))));
        }
    }

    @Override
    public void close() {
        stop();
        postgres.close();
        nats.ifPresent(NatsProcess::close);
        folder.close();
    }

    private void configure(int count) throws IOException {
        List<Integer> remotePorts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            remotePorts.add(LocalNode.freePort());
        }
        String seeds = remotePorts.stream()
                .map(port -> "\"pekko://sonde@127.0.0.1:" + port + "\"")
                .collect(Collectors.joining(", "));
        for (int i = 0; i < count; i++) {
            Path config = folder.path().resolve("node" + (i + 1) + ".conf");
            Files.writeString(
                    config,
                    """
                    sonde.bus = %s
                    sonde.nats.url = "%s"
                    sonde.http.port = %d
                    sonde.database { url = "%s", user = "sonde", password = "%s" }
                    pekko.remote.artery.canonical { hostname = "127.0.0.1", port = %d }
                    pekko.cluster.seed-nodes = [%s]
                    """
                            .formatted(
                                    nats.isPresent() ? "jetstream" : "direct",
                                    nats.map(NatsProcess::url).orElse("nats://127.0.0.1:4222"),
                                    LocalNode.freePort(),
                                    postgres.ready().get(1),
                                    Files.readString(data().resolve("postgres/password"))
                                            .strip(),
                                    remotePorts.get(i),
                                    count > 1 ? seeds : ""));
            configs.add(config);
        }
    }

    private String output(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(sonde.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(log("commands").toFile())
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private Path log(String name) {
        return folder.path().resolve(name + ".log");
    }
}

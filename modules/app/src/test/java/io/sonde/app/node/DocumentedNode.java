package io.sonde.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Nats;
import io.sonde.app.cli.Said;
import io.sonde.app.config.Configuration;
import io.sonde.app.storage.DebianPostgres;
import io.sonde.testkit.NatsServer;
import io.sonde.testkit.NodeProcess;
import io.sonde.testkit.PostgresServer;
import io.sonde.testkit.Sent;
import io.sonde.testkit.SondeClient;
import io.sonde.testkit.WebhookReceiver;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;

/** A node on JetStream with a configuration file as an operator has one, and a place to type commands at it. */
final class DocumentedNode implements AutoCloseable {
    static final String CLIENT = "berlin-1";
    static final Duration SOON = Duration.ofSeconds(40);

    final NatsServer nats = NatsServer.start();
    final WebhookReceiver receiver = WebhookReceiver.start();
    final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    final SondeClient client = new SondeClient(database.dataSource(), TestNode.adminToken(database));
    final String url;
    final String target;
    private final Node node;
    private final Shell shell;
    /** What a document leaves to its reader. */
    private final Map<String, String> words = new HashMap<>();

    /** Types a command and looks at what comes of it. */
    interface Step {
        void check(String command) throws Exception;
    }

    DocumentedNode(Path home) throws IOException {
        int port = NodeProcess.freePort();
        url = "http://127.0.0.1:" + port;
        target = url + "/healthz";
        Path file = Files.writeString(home.resolve("sonde.conf"), configuration(port));
        words.putAll(Map.of(
                "conf/sonde.conf",
                file.toString(),
                "URL",
                target,
                "TARGET",
                target,
                "CLIENT",
                CLIENT,
                "CHANNEL",
                "ops",
                "NATS:8222",
                URI.create(nats.monitorUrl()).getAuthority()));
        node = Node.start(Configuration.ofFile(file));
        shell = new Shell(home, variables(home));
    }

    private String configuration(int port) throws IOException {
        return """
                sonde.bus = jetstream
                sonde.http.port = %d
                sonde.database { url = "%s", user = %s }
                sonde.nats { url = "%s", monitor-url = "%s", max-bytes = 64MiB, dead-letter-bytes = 16MiB
                  max-failures = 1, redelivery-delay = 100ms }
                sonde.edge { max-events = 20, rate.burst = 20, rate.events-per-second = 2, max-batches-in-flight = 20 }
                sonde.windows.ask-timeout = 1s
                sonde.diagnosis.incident.opens = 1
                sonde.problems { look-every = 200ms, group-wait = 1s }
                sonde.notify.channels.ops { type = webhook, url = "%s" }
                sonde.notify.routes = [{ channels = [ops] }]
                pekko.remote.artery.canonical.port = %d
                """
                .formatted(
                        port,
                        database.url(),
                        database.user(),
                        nats.url(),
                        nats.monitorUrl(),
                        receiver.url(),
                        NodeProcess.freePort());
    }

    private Map<String, String> variables(Path home) throws IOException {
        URI server = URI.create(database.url().replaceFirst("^jdbc:", "").replaceFirst("\\?.*", ""));
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Path probe = Files.writeString(
                home.resolve("sonde-probe"),
                "#!/bin/sh\nexec '" + java.resolve("java")
                        + "' -cp \"$TEST_CLASSES\" io.sonde.probe.ProbeMain \"$@\"\n");
        assertThat(probe.toFile().setExecutable(true)).isTrue();
        Map<String, String> variables = new HashMap<>(Map.of(
                "NODE", url,
                "SONDE", url,
                "TOKEN", TestNode.adminToken(database),
                "ADMIN", TestNode.adminToken(database),
                "PGHOST", server.getHost(),
                "PGPORT", Integer.toString(server.getPort()),
                "PGDATABASE", server.getPath().substring(1),
                "PGUSER", database.user()));
        variables.put(
                "TEST_CLASSES", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        variables.put(
                "PATH",
                String.join(
                        File.pathSeparator,
                        home.toString(),
                        java.toString(),
                        DebianPostgres.programs().toString(),
                        System.getenv("PATH")));
        return variables;
    }

    void say(String word, String meaning) {
        words.put(word, meaning);
    }

    /** In this JVM. */
    Said sonde(String command) {
        assertThat(command).startsWith("sonde ");
        return Said.of(filledIn(command).substring("sonde ".length()).split(" "));
    }

    /** What it prints, when it ends well. */
    String shell(String command) throws IOException {
        String printed = shell.run(filledIn(command) + "; echo \"exit $?\"").strip();
        assertThat(printed).as(command).endsWith("exit 0");
        return printed;
    }

    /** The body of a 200. */
    String curl(String command) throws IOException {
        assertThat(command).startsWith("curl ");
        String printed = shell(command);
        assertThat(printed).as(command).endsWith("\n200\nexit 0");
        return printed;
    }

    String psql(String sql) throws IOException {
        return shell("psql -X -v ON_ERROR_STOP=1 -c \"" + sql + "\"");
    }

    private String filledIn(String command) {
        String filled = command;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replaceAll(
                    "(?<![\\w$])" + word.getKey() + "(?!\\w)", Matcher.quoteReplacement(word.getValue()));
        }
        return filled;
    }

    /** An event of now or before, whose name could not be resolved. */
    String event(String source, long tsMs) {
        return new Sent(UUID.randomUUID(), source, target, tsMs, List.of(9.0, 1.0, 1.0, 1.0, 1.0), "DNS", false).json();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    HttpResponse<String> post(String body) throws Exception {
        return client.post(url, body);
    }

    String get(String path) throws Exception {
        return client.get(url, path).body();
    }

    /** Past the edge. */
    void publish(String message) throws Exception {
        var connection = Nats.connect(nats.url());
        connection.jetStream().publish("telemetry.events.default.qoe", message.getBytes(StandardCharsets.UTF_8));
        connection.close();
    }

    void stopNode() {
        node.close();
    }

    @Override
    public void close() throws IOException {
        shell.close();
        node.close();
        receiver.close();
        nats.close();
    }
}

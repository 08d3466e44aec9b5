package io.sonde.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Nodes of ours, with what they stand on. */
interface SondeDeployment extends Deployment {
    /**
     * What is measured is what a node can, not what it lets one client have.
     *
     * @param options of the JVM, that win
     */
    static Map<String, String> environment(String options) {
        return Map.of(
                "SONDE_JAVA_OPTS",
                String.join(
                        " ",
                        "-Dsonde.edge.rate.events-per-second=10000000 -Dsonde.edge.rate.burst=10000000",
                        "-Dsonde.edge.rate.targets-per-minute=10000",
                        Optional.ofNullable(System.getenv("SONDE_JAVA_OPTS")).orElse(""),
                        options));
    }

    String token();

    /** The folder that {@code sonde up} or {@code sonde postgres} was given. */
    Path data();

    /** SIGTERM to the nodes, and waits for their end. */
    void stop();

    /** SIGKILL to the nodes. */
    void kill() throws InterruptedException;

    /** Blocks until the nodes take traffic again. */
    void startAgain() throws IOException;

    /** Of the first node. */
    default Api api() {
        return new Api(url(), token());
    }

    default DataSource database() throws IOException {
        Path postgres = data().resolve("postgres");
        int port = Integer.parseInt(
                Files.readAllLines(postgres.resolve("db/postmaster.pid")).get(3).strip());
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/sonde");
        database.setUser("sonde");
        database.setPassword(Files.readString(postgres.resolve("password")).strip());
        return database;
    }

    @Override
    default long recorded() throws IOException, InterruptedException {
        long recorded = 0;
        for (URI node : urls()) {
            for (JsonNode account :
                    new Api(node, token()).get("/api/v1/counters").path("conservation")) {
                recorded += account.path("accepted").asLong()
                        + account.path("duplicate").asLong();
            }
        }
        return recorded;
    }

    @Override
    default Dialect dialect() {
        return new SondeDialect(token());
    }
}

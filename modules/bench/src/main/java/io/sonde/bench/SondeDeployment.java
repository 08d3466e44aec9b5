package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Nodes of ours, with what they stand on. */
interface SondeDeployment extends Deployment {
    /** What is measured is what a node can, not what it lets one client have. */
    Map<String, String> UNLIMITED = Map.of(
            "SONDE_JAVA_OPTS",
            "-Dsonde.edge.rate.events-per-second=10000000 -Dsonde.edge.rate.burst=10000000"
                    + " -Dsonde.edge.rate.targets-per-minute=10000 "
                    + Optional.ofNullable(System.getenv("SONDE_JAVA_OPTS")).orElse(""));

    String token();

    /** The folder that {@code sonde up} or {@code sonde postgres} was given. */
    Path data();

    /** SIGTERM to the nodes, and waits for their end. */
    void stop();

    /** SIGKILL to the nodes. */
    void kill() throws InterruptedException;

    /** Blocks until the nodes take traffic again. */
    void startAgain() throws IOException;

    @Override
    default Dialect dialect() {
        return new SondeDialect(token());
    }
}

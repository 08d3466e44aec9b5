package io.sonde.faults;

import com.typesafe.config.Config;
import io.sonde.app.config.Configuration;
import io.sonde.app.node.Node;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** {@code sonde node} with a clock that is wrong by {@code -Dsonde.shift}, ISO 8601. */
final class ShiftedNode {
    private ShiftedNode() {}

    @SuppressWarnings("SystemOut") // a line on standard output is how the test hears of it
    public static void main(String[] arguments) throws InterruptedException {
        Config config = Configuration.ofFile(Path.of(arguments[2]));
        Duration shift = Duration.parse(System.getProperty("sonde.shift"));
        Node node = Node.start(config, Clock.offset(Clock.systemUTC(), shift));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-node"));
        System.out.println("ready http://127.0.0.1:" + node.httpPort());
        node.awaitStopped();
    }
}

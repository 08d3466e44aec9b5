package io.sonde.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.bench.Bench;
import io.sonde.testkit.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code make bench} is made of, for seconds: that what is measured is right, not how fast it is. */
@Tag("quick")
class BenchIT {
    private final PostgresServer.Database database = PostgresServer.shared().newDatabase();
    private final StringWriter out = new StringWriter();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder = Path.of("set by JUnit");

    @Test
    void asFastAsItGoesAndAtARateEachWindowIsRight() throws Exception {
        String token = AdminToken.of(database);
        try (Nodes nodes = Nodes.onDirectBus(folder, database, 1)) {
            String node = nodes.get(0).url();

            int maximum = load("--url=" + node, "--token=" + token);
            int rate = load("--url=" + node, "--token=" + token, "--rate=300", "--batch=3", "--gzip");

            assertThat(maximum).as(out.toString()).isZero();
            assertThat(rate).as(out.toString()).isZero();
            assertThat(out.toString()).contains("closed loop", "open loop", "right: ");
        }
    }

    /** Events are of the minute before, so that their windows close at once. */
    private int load(String... options) {
        CommandLine command = new CommandLine(new Bench()).setOut(new PrintWriter(out));
        String[] arguments = new String[options.length + 8];
        arguments[0] = "load";
        System.arraycopy(options, 0, arguments, 1, options.length);
        String[] small = {
            "--age=60", "--clients=50", "--connections=8", "--warmup=0", "--runs=2", "--seconds=2", "--patience=100"
        };
        System.arraycopy(small, 0, arguments, options.length + 1, small.length);
        return command.execute(arguments);
    }
}

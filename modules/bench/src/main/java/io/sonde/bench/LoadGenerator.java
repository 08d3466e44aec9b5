package io.sonde.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code load}: puts load on a node that runs, and checks every window. Exit code 1 when a single one is wrong. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Put load on a node that runs, then compare each window with what was acknowledged.",
            "Exit code 1 when an answer or a window is wrong. It waits until the last minute's window is stored."
        })
final class LoadGenerator implements Callable<Integer> {
    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8081",
            split = ",",
            description = "The node, or several of a cluster, with commas between (default: ${DEFAULT-VALUE}).")
    private List<URI> urls = List.of();

    @Option(
            names = "--token",
            required = true,
            defaultValue = "${env:SONDE_TOKEN}",
            description = "One that may post for any client and read; or set SONDE_TOKEN.")
    private String token = "";

    @Option(names = "--node-pid", description = "The node's process, to say what it costs.")
    private @Nullable Long nodePid;

    @Option(names = "--postgres-pid", description = "PostgreSQL's first process, to say what it costs.")
    private @Nullable Long postgresPid;

    @Mixin
    private final LoadOptions options = new LoadOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        RunningNode node = new RunningNode(urls, token, Optional.ofNullable(nodePid), Optional.ofNullable(postgresPid));
        Load load = new Load(node, options.shape());
        List<Load.Phase> runs = options.run(load);
        Checked checked = Checked.await(new Api(node.url(), token), load, options.patience());
        Report report = new Report()
                .machine(Machine.here())
                .load(options.shape(), options.paceText())
                .runs(runs)
                .memory(node.processes())
                .check(checked);
        spec.commandLine().getOut().print(report.text());
        spec.commandLine().getOut().flush();
        return checked.right() ? 0 : 1;
    }

    private record RunningNode(List<URI> urls, String token, Optional<Long> nodePid, Optional<Long> postgresPid)
            implements Deployment {
        RunningNode {
            urls = List.copyOf(urls);
        }

        @Override
        public Dialect dialect() {
            return new SondeDialect(token);
        }

        @Override
        public List<ProcessCost> processes() {
            List<ProcessCost> processes = new ArrayList<>();
            nodePid.ifPresent(pid -> processes.add(new ProcessCost("node", pid, false)));
            postgresPid.ifPresent(pid -> processes.add(new ProcessCost("PostgreSQL", pid, true)));
            return processes;
        }

        @Override
        public void close() {
            // It is not ours.
        }
    }
}

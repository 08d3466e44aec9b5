package io.sonde.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jmh}: time and allocation of single steps. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "Measure single steps with JMH, allocation included.")
final class MicroBenchmarks implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            description = "Which, as a regular expression (all by default); after -- what JMH takes, such as -i 1.")
    private List<String> names = List.of();

    @Override
    public Integer call() throws Exception {
        List<String> arguments = new ArrayList<>(names);
        arguments.addAll(List.of("-prof", "gc"));
        Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}

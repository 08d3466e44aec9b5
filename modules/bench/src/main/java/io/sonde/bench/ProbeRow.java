package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a probe costs that measures 20 targets on the loopback each second and sends what it saw. */
record ProbeRow(Path program) implements Row {
    private static final int TARGETS = 20;
    private static final Pattern TARGET = Pattern.compile("sonde-probe once (http://127\\.0\\.0\\.1:\\d+)/");

    @Override
    public String name() {
        return Bar.PROBE_CPU.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Path folder = on.data().resolveSibling("probe");
        Process probe = new ProcessBuilder(command(on, folder))
                .redirectErrorStream(true)
                .redirectOutput(on.data().resolveSibling("probe.log").toFile())
                .start();
        try {
            ProcessCost cost = new ProcessCost("probe", probe.pid(), false);
            TimeUnit.SECONDS.sleep(plan.warmup());
            List<Double> cpuMs = new ArrayList<>();
            long first = on.recorded();
            for (int run = 0; run < plan.runs(); run++) {
                long recorded = on.recorded();
                double cpu = cost.cpuSeconds().orElseThrow();
                TimeUnit.SECONDS.sleep(plan.seconds());
                cpuMs.add((cost.cpuSeconds().orElseThrow() - cpu) * 1e3 / (on.recorded() - recorded));
            }
            long measurements = on.recorded() - first;
            Measured.Truth truth = new Measured.Truth(
                    measurements >= 0.9 * TARGETS * plan.seconds() * plan.runs(),
                    measurements + " measurements recorded");
            return new Figures()
                    .with(Bar.PROBE_CPU, new Spread(cpuMs), truth)
                    .with(Bar.PROBE_MEMORY, cost.peakMebibytes().orElseThrow(), truth);
        } finally {
            probe.destroy();
        }
    }

    /** It says so after it says that it is ready. */
    private static String target(SondeDeployment on) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Path log = on.data().resolveSibling("up.log");
        Matcher target = TARGET.matcher(Files.readString(log));
        while (!target.find()) {
            if (System.nanoTime() > until) {
                throw new IOException("sonde up does not say where its target is");
            }
            TimeUnit.MILLISECONDS.sleep(10);
            target = TARGET.matcher(Files.readString(log));
        }
        return target.group(1);
    }

    private List<String> command(SondeDeployment on, Path home) throws IOException, InterruptedException {
        String target = target(on);
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "run",
                "--ingest-url=" + on.url(),
                "--token=" + on.token(),
                "--home=" + home,
                "--client-id=bench-probe",
                "--interval=1s",
                "--throughput-interval=off"));
        for (int i = 0; i < TARGETS; i++) {
            command.add("--target=" + target + "/health?n=" + i);
        }
        return command;
    }
}

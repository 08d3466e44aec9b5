package io.sonde.app.up;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.sonde.app.storage.DataFolder;
import io.sonde.target.TargetServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The probe of {@code sonde up}: a child process with a small memory that measures the test target and ends with us. */
final class ProbeProcess implements AutoCloseable {
    /** So short that the first windows are full of measurements. */
    private static final String INTERVAL = "5s";

    private static final String THROUGHPUT_INTERVAL = "30s";
    private static final int STOP_LIMIT_S = 3;

    private final Process process;

    private ProbeProcess(Process process) {
        this.process = process;
    }

    static ProbeProcess start(DataFolder data, String url, TargetServer target) throws IOException {
        Path configuration = data.probe().resolve("probe.conf");
        Files.writeString(configuration, configuration(data, url, target));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                        "io.sonde.probe.ProbeMain",
                        "run",
                        "--exit-with-parent",
                        "--config",
                        configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(data.log("probe").toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        return new ProbeProcess(process);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String configuration(DataFolder data, String url, TargetServer target) {
        String http = "http://127.0.0.1:" + target.httpPort();
        String https = "https://127.0.0.1:" + target.tlsPort();
        Map<String, Object> settings = Map.of(
                "targets",
                List.of(
                        http + "/health,throughput=" + http + "/fixed/1mb.bin",
                        http + "/slow?ms=40",
                        https + "/health"),
                "interval",
                INTERVAL,
                "throughput-interval",
                THROUGHPUT_INTERVAL,
                "ingest-url",
                url,
                "token-file",
                data.token().path().toString(),
                "ca",
                target.authority().toString(),
                "home",
                data.probe().toString(),
                "client-id",
                "local",
                "label",
                "sonde up");
        return "# Written by sonde up at each start.\n"
                + ConfigFactory.parseMap(Map.of("sonde.probe", settings))
                        .root()
                        .render(ConfigRenderOptions.concise().setFormatted(true).setJson(false));
    }
}

package io.sonde.app.storage;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own that starts a {@link LocalPostgres}, says its process id, and waits to be killed. */
final class PostgresProcess {
    private PostgresProcess() {}

    @SuppressWarnings("SystemOut") // a line on standard output is how the test hears of it
    public static void main(String[] arguments) throws InterruptedException {
        LocalPostgres postgres = LocalPostgres.start(DataFolder.open(Path.of(arguments[0])));
        System.out.println(postgres.pid());
        new CountDownLatch(1).await();
    }

    static Process launch(Path data) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator,
                        PostgresProcess.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Blocks until it says so. */
    static ProcessHandle postmasterOf(Process process) throws IOException {
        BufferedReader said = process.inputReader();
        return ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
    }
}

package io.sonde.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What figures were measured on, and of what. */
record Machine(int cores, double memoryGibibytes, String kernel, String java, String commit) {
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                totalMemory(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                head());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d cores, %.0f GiB, %s, %s, commit %s", cores, memoryGibibytes, kernel, java, commit);
    }

    private static double totalMemory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() / (double) (1L << 30)
                : Double.NaN;
    }

    /** With a plus when files differ from it. */
    private static String head() {
        try {
            String changed = output(List.of("git", "status", "--porcelain", "--untracked-files=no"));
            return output(List.of("git", "rev-parse", "--short", "HEAD")) + (changed.isEmpty() ? "" : "+");
        } catch (IOException noGit) {
            return "unknown";
        }
    }

    private static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}

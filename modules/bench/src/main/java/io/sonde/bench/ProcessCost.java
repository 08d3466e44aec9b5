package io.sonde.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process whose use of the machine is read from Linux' {@code /proc}.
 *
 * @param tree true when its children count too, those that have ended included; PostgreSQL works in its children
 */
record ProcessCost(String name, long pid, boolean tree) {
    /** Of {@code utime} and {@code stime} in {@code /proc/PID/stat}: the kernel shows 100 a second on every platform. */
    private static final double TICKS_PER_SECOND = 100;
    /** Counted from the third field, after the name, which may hold spaces. */
    private static final int UTIME = 11;

    /** User and system time so far; empty when there is no {@code /proc} or no such process. */
    Optional<Double> cpuSeconds() {
        if (!tree) {
            return ticks(pid, 2).map(ticks -> ticks / TICKS_PER_SECOND);
        }
        Stream<Long> children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        long ofChildren =
                children.mapToLong(child -> ticks(child, 4).orElse(0L)).sum();
        return ticks(pid, 4).map(ticks -> (ticks + ofChildren) / TICKS_PER_SECOND);
    }

    /** The most memory it ever held, MiB; of the process alone. */
    Optional<Long> peakMebibytes() {
        return status("VmHWM:");
    }

    /** What it holds now. */
    Optional<Long> residentMebibytes() {
        return status("VmRSS:");
    }

    private Optional<Long> status(String name) {
        return lines("status")
                .flatMap(lines ->
                        lines.lines().filter(line -> line.startsWith(name)).findFirst())
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024);
    }

    /** @param fields 2 for its own time, 4 to add that of children it has waited for */
    private static Optional<Long> ticks(long pid, int fields) {
        return new ProcessCost("", pid, false).lines("stat").map(stat -> {
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int i = 0; i < fields; i++) {
                ticks += Long.parseLong(words[UTIME + i]);
            }
            return ticks;
        });
    }

    private Optional<String> lines(String file) {
        try {
            return Optional.of(Files.readString(Path.of("/proc", Long.toString(pid), file)));
        } catch (IOException e) {
            // It has ended, or this is not Linux: then nothing is said of it.
            return Optional.empty();
        }
    }
}

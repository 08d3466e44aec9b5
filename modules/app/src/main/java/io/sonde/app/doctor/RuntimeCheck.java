package io.sonde.app.doctor;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.List;

/** Java, its heap, and how many files it may open. */
final class RuntimeCheck {
    private static final long MIB = 1 << 20;
    private static final long LEAST_HEAP = 256 * MIB;
    private static final long LEAST_FILES = 4_096;

    private RuntimeCheck() {}

    static List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("java", System.getProperty("java.vm.name") + " " + Runtime.version()));
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean memory) {
            findings.add(heap(Runtime.getRuntime().maxMemory(), memory.getTotalMemorySize()));
        }
        if (system instanceof UnixOperatingSystemMXBean files) {
            findings.add(files(files.getMaxFileDescriptorCount()));
        }
        return findings;
    }

    /** A quarter of the memory is for stacks, buffers and the rest of the machine. */
    static Finding heap(long bytes, long memory) {
        String found = bytes / MIB + " MiB of " + memory / MIB + " MiB memory";
        if (bytes < LEAST_HEAP) {
            return Finding.warning("java.heap", found, "export SONDE_JAVA_OPTS=-Xmx1g");
        }
        return bytes > memory / 4 * 3
                ? Finding.warning("java.heap", found, "export SONDE_JAVA_OPTS=-Xmx" + memory / 2 / MIB + "m")
                : Finding.ok("java.heap", found);
    }

    /** Each connection is one. */
    static Finding files(long most) {
        String found = most + " files may be open at once";
        return most < LEAST_FILES
                ? Finding.warning("files", found, "ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit")
                : Finding.ok("files", found);
    }
}

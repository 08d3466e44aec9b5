package io.sonde.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What a test says to a JVM that it starts. */
public final class Jvm {
    private static final String LEVEL = "TieredStopAtLevel";

    private Jvm() {}

    /** It compiles as far as the JVM of the test: {@code make test} ends at the first compiler, {@code make faults} does not. */
    public static String compiler() {
        return "-XX:" + LEVEL + "="
                + ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .getVMOption(LEVEL)
                        .getValue();
    }
}

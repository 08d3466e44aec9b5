package io.sonde.probe;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that both commands have. */
final class MeasureOptions {
    /** Where the launcher says its archive's configuration file is. */
    private static final String ARCHIVE_FILE = "sonde.probe.conf";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings in HOCON, under sonde.probe. Without it: conf/sonde-probe.conf of the archive.")
    private @Nullable Path config;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file of authorities to trust besides the system's, such as ca.pem of 'sonde target'.")
    private @Nullable String ca;

    @Option(
            names = "--dns-server",
            paramLabel = "ADDRESS[:PORT]",
            description = "Ask this DNS server instead of the system's.")
    private @Nullable String dnsServer;

    /** @param problems is added to */
    Config settings(Map<String, Object> flags, List<String> problems) {
        Map<String, Object> all = new HashMap<>(flags);
        put(all, "ca", ca);
        put(all, "dns-server", dnsServer);
        return SettingsSources.merge(all, System.getenv(), file(), problems);
    }

    static void put(Map<String, Object> flags, String key, @Nullable Object value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    private @Nullable Path file() {
        if (config != null) {
            return config;
        }
        String archive = System.getProperty(ARCHIVE_FILE);
        return archive != null && Files.exists(Path.of(archive)) ? Path.of(archive) : null;
    }
}

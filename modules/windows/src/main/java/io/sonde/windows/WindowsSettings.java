package io.sonde.windows;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sonde.windows}.
 *
 * @param askTimeout how long a batch may wait for its receipt
 * @param snapshotEvery the least number of batches of a source between two snapshots
 */
public record WindowsSettings(Duration askTimeout, int snapshotEvery) {
    public static WindowsSettings from(Config sonde) {
        Config windows = sonde.getConfig("windows");
        return new WindowsSettings(windows.getDuration("ask-timeout"), windows.getInt("snapshot-every"));
    }
}

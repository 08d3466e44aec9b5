package io.sonde.probe;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How events wait.
 *
 * @param folder of this probe alone
 * @param bytes the folder never holds more
 * @param fsync what a power cut may cost at most: zero for nothing, null for what the operating system has not written
 */
record QueueSettings(Path folder, long bytes, @Nullable Duration fsync) {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final long MOST_BYTES = 1L << 40;

    QueueSettings {
        Objects.requireNonNull(folder);
    }

    static QueueSettings read(SettingsReader reader, Path home) {
        return new QueueSettings(
                home.resolve("queue"),
                reader.bytes("upload.queue.size", Spool.LEAST_BYTES, MOST_BYTES),
                reader.durationOrOff("upload.queue.fsync", Duration.ZERO, LONGEST)
                        .orElse(null));
    }

    Optional<Duration> fsyncInterval() {
        return Optional.ofNullable(fsync);
    }
}

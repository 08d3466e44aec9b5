package io.sonde.query;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sonde.stream}: what readers of the stream get.
 *
 * @param maxStreams open at a node
 * @param maxStreamsPerHolder of these of one token or account
 * @param maxWaiting messages that a reader has not taken
 * @param maxWaitingBytes of these messages
 * @param heartbeat how often a reader is asked whether it is there
 * @param checkRights how often it is looked whether it may still read
 * @param silentAfter how long after its last window's end a source is called silent
 */
public record StreamSettings(
        int maxStreams,
        int maxStreamsPerHolder,
        int maxWaiting,
        long maxWaitingBytes,
        Duration heartbeat,
        Duration checkRights,
        Duration silentAfter) {
    private static final long LEAST_WAITING_BYTES = 64 << 10;

    public StreamSettings {
        atLeast("max-streams", 1, maxStreams);
        atLeast("max-streams-per-holder", 1, maxStreamsPerHolder);
        atLeast("max-waiting", 2, maxWaiting);
        atLeast("max-waiting-bytes", LEAST_WAITING_BYTES, maxWaitingBytes);
        atLeast("heartbeat in ms", 1, heartbeat.toMillis());
        atLeast("check-rights in ms", 1, checkRights.toMillis());
        atLeast("silent-after in ms", 1, silentAfter.toMillis());
    }

    /** @param config all of it, with the defaults of this module's {@code reference.conf} */
    public static StreamSettings of(Config config) {
        Config stream = config.getConfig("sonde.stream");
        return new StreamSettings(
                stream.getInt("max-streams"),
                stream.getInt("max-streams-per-holder"),
                stream.getInt("max-waiting"),
                stream.getBytes("max-waiting-bytes"),
                stream.getDuration("heartbeat"),
                stream.getDuration("check-rights"),
                stream.getDuration("silent-after"));
    }

    private static void atLeast(String key, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "sonde.stream." + key + " is " + value + ", it must be at least " + least);
        }
    }
}

package io.sonde.app.users;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sonde.sign-in}.
 *
 * @param idle a session that is not used for so long has ended
 * @param absolute and so has one that began so long ago
 * @param behindProxy whether a proxy with TLS stands before the node, and says who asks
 */
public record SignInSettings(Duration idle, Duration absolute, boolean behindProxy) {
    /** A use is noted once a minute. */
    private static final Duration SHORTEST = Duration.ofMinutes(5);

    public SignInSettings {
        if (idle.compareTo(SHORTEST) < 0 || absolute.compareTo(idle) < 0) {
            throw new IllegalArgumentException(
                    "sonde.sign-in.idle is to be at least 5 minutes, and sonde.sign-in.absolute no less than it");
        }
    }

    public static SignInSettings from(Config sonde) {
        Config signIn = sonde.getConfig("sign-in");
        return new SignInSettings(
                signIn.getDuration("idle"), signIn.getDuration("absolute"), signIn.getBoolean("behind-proxy"));
    }
}

package io.sonde.qoe;

import org.jspecify.annotations.Nullable;

/**
 * Where a client measured from; each part null when it was not said.
 *
 * @param interfaceType {@code wifi}, {@code ethernet}, {@code cellular}, … at most 64 characters
 * @param userLabel what its owner calls the place, at most 255 characters
 */
public record NetworkContext(@Nullable String interfaceType, @Nullable Boolean vpnEnabled, @Nullable String userLabel) {
    public static final NetworkContext UNKNOWN = new NetworkContext(null, null, null);
}

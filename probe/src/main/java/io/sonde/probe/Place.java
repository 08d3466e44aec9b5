package io.sonde.probe;

import org.jspecify.annotations.Nullable;

/**
 * What the operator says of where the probe stands.
 *
 * @param interfaceType null to ask the operating system
 * @param vpn null to ask the operating system
 * @param label empty for none
 */
record Place(@Nullable String interfaceType, @Nullable Boolean vpn, String label) {}

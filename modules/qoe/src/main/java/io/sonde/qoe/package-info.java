/** The network-QoE signal: its kind, its event format, and later its diagnosis rules. */
@NullMarked
package io.sonde.qoe;

import org.jspecify.annotations.NullMarked;

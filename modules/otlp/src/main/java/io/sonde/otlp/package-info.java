/** What leaves over OTLP: spans of the events that are followed and, where that is wanted, windows as gauges. */
@NullMarked
package io.sonde.otlp;

import org.jspecify.annotations.NullMarked;

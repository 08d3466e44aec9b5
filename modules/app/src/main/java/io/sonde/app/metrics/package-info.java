/** What a node shows of itself to Prometheus. */
@NullMarked
package io.sonde.app.metrics;

import org.jspecify.annotations.NullMarked;

/** One node: what is started, in which order, and how it stops. */
@NullMarked
package io.sonde.app.metrics;

import org.jspecify.annotations.NullMarked;

/** From the edge to the entities, in memory or through JetStream. */
@NullMarked
package io.sonde.bus;

import org.jspecify.annotations.NullMarked;

/** HTTP in: who may come in, what may come in, and answers that say what to do. Knows signals only as {@code Signal}. */
@NullMarked
package io.sonde.edge;

import org.jspecify.annotations.NullMarked;

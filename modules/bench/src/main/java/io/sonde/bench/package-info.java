/** How fast it is and what it costs, with proof that the answers are right. */
@NullMarked
package io.sonde.bench;

import org.jspecify.annotations.NullMarked;

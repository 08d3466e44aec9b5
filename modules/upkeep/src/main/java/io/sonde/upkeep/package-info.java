/** What is kept how long, and the one node of the cluster that sees to it. */
@NullMarked
package io.sonde.upkeep;

import org.jspecify.annotations.NullMarked;

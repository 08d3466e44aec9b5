@NullMarked
package io.sonde.upkeep;

import org.jspecify.annotations.NullMarked;

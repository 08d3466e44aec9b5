/** Faults against real processes under load, each with proof that nothing is lost and nothing counted twice. */
@NullMarked
package io.sonde.faults;

import org.jspecify.annotations.NullMarked;

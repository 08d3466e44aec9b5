/** The vocabulary of the engine: values, the two stored formats, and the ports between modules. No clock, no I/O. */
@NullMarked
package io.sonde.core;

import org.jspecify.annotations.NullMarked;

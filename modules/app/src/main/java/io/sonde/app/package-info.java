/** Wires the modules into a node and gives it a command line. */
@NullMarked
package io.sonde.app;

import org.jspecify.annotations.NullMarked;

/** {@code sonde up}: everything in one process tree. */
@NullMarked
package io.sonde.app.up;

import org.jspecify.annotations.NullMarked;

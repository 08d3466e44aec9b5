/** {@code sonde doctor}: what is wrong around a node, or will be, and how it is repaired. */
@NullMarked
package io.sonde.app.doctor;

import org.jspecify.annotations.NullMarked;

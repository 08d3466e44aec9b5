/** The read side, against a real PostgreSQL. */
@NullMarked
package io.sonde.views;

import org.jspecify.annotations.NullMarked;

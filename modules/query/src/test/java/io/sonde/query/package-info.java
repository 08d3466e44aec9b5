/** Asking, over real HTTP and a real PostgreSQL. */
@NullMarked
package io.sonde.query;

import org.jspecify.annotations.NullMarked;

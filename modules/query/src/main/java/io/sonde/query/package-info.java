/** HTTP out: what is counted can be asked for. */
@NullMarked
package io.sonde.query;

import org.jspecify.annotations.NullMarked;

/** The read side: closed windows projected into tables, rolled up, and asked for. */
@NullMarked
package io.sonde.views;

import org.jspecify.annotations.NullMarked;

/** The stand-alone agent: it measures targets stage by stage on its own sockets and reports what it saw. */
@NullMarked
package io.sonde.probe;

import org.jspecify.annotations.NullMarked;

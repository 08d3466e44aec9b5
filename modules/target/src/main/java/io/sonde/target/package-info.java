/** The test target: a server that answers fast, slowly, wrongly or not at all, as it is asked to. */
@NullMarked
package io.sonde.target;

import org.jspecify.annotations.NullMarked;

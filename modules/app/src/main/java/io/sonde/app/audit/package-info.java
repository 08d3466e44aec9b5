/** Who changed what: written with each change, read by administrators. */
@NullMarked
package io.sonde.app.audit;

import org.jspecify.annotations.NullMarked;

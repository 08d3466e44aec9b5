/** Closed windows: judged, remembered as events, followed by the read side. */
@NullMarked
package io.sonde.diagnosis;

import org.jspecify.annotations.NullMarked;

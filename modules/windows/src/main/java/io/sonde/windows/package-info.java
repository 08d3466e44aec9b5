/** Open windows, the hot path: recognises duplicates, counts, hands closed windows over, forgets sealed ones. */
@NullMarked
package io.sonde.windows;

import org.jspecify.annotations.NullMarked;

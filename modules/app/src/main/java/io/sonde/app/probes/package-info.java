/** What probes are told to measure, and what is known of them. */
@NullMarked
package io.sonde.app.probes;

import org.jspecify.annotations.NullMarked;

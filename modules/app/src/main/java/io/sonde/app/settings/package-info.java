/** What holds on a node, where it is from, and what may be changed while nodes run. */
@NullMarked
package io.sonde.app.settings;

import org.jspecify.annotations.NullMarked;

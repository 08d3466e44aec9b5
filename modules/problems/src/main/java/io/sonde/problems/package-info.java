/** Incidents of one cause as one problem, and who has been told of it. */
@NullMarked
package io.sonde.problems;

import org.jspecify.annotations.NullMarked;

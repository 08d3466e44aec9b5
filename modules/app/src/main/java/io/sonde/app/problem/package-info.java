/** What stops a command: one line for the person and one exit code. */
@NullMarked
package io.sonde.app.problem;

import org.jspecify.annotations.NullMarked;

/** The command line: what is asked for, what is answered, and with which exit code. */
@NullMarked
package io.sonde.app.cli;

import org.jspecify.annotations.NullMarked;

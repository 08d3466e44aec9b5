/** What an operator set: read, compared with what there is to set, every mistake told at once. */
@NullMarked
package io.sonde.app.config;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.sonde.otlp;

import org.jspecify.annotations.NullMarked;

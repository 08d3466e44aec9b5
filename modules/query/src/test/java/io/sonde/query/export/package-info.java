@NullMarked
package io.sonde.query.export;

import org.jspecify.annotations.NullMarked;

/** Files of rows: how a table is written as CSV, JSON and Parquet. */
@NullMarked
package io.sonde.query.export;

import org.jspecify.annotations.NullMarked;

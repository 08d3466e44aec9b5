/** The database: an own PostgreSQL under the data folder, and the schema of any. */
@NullMarked
package io.sonde.app.storage;

import org.jspecify.annotations.NullMarked;

/** What tests share: a real PostgreSQL, a real NATS, generators of samples. */
@NullMarked
package io.sonde.testkit;

import org.jspecify.annotations.NullMarked;

/** What tests share: a real PostgreSQL, a real NATS, a DNS server, generators of samples. */
@NullMarked
package io.sonde.testkit;

import org.jspecify.annotations.NullMarked;

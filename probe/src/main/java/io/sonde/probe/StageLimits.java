package io.sonde.probe;

import java.time.Duration;

/**
 * How long each stage may take.
 *
 * @param http to the first byte, and once more for the rest of the answer
 * @param throughput for the body of the object; what came until then gives the rate
 */
record StageLimits(Duration dns, Duration tcp, Duration tls, Duration http, Duration throughput) {}

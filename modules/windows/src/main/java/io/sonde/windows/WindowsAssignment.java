package io.sonde.windows;

import io.sonde.core.Kind;
import io.sonde.core.SourceId;
import io.sonde.core.Tracing;
import io.sonde.core.Watermark;
import io.sonde.core.WindowSubscriber;
import java.time.Clock;

/**
 * What a {@link WindowsEntity} is told of its source and its surroundings.
 *
 * @param snapshotEvery the least number of batches between two snapshots
 * @param local is told when it runs
 */
record WindowsAssignment(
        SourceId source,
        Kind kind,
        WindowSubscriber subscriber,
        Watermark watermark,
        Tracing tracing,
        Clock clock,
        int snapshotEvery,
        WindowsMetrics metrics,
        LocalSources local) {}

package io.sonde.core;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Lets the windows of a series be seen while they are open. */
@FunctionalInterface
public interface OpenWindows {
    /** The unsealed windows of the series as of now, oldest first; empty when there are none. */
    CompletionStage<List<WindowAggregate>> of(SeriesId series);
}

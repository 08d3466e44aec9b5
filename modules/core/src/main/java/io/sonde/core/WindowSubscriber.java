package io.sonde.core;

import java.util.concurrent.CompletionStage;

/** Is handed closed windows, at least once each. */
@FunctionalInterface
public interface WindowSubscriber {
    /** Completes when the windows are safe with the subscriber; on a failure they are handed over again. */
    CompletionStage<?> closed(ClosedWindows windows);
}

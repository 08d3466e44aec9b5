package io.sonde.core;

import java.util.concurrent.CompletionStage;

/** Takes the samples of a source into their windows. Fails with {@link Unavailable} when it cannot now. */
@FunctionalInterface
public interface Recorder {
    CompletionStage<Receipt> record(Batch batch);
}

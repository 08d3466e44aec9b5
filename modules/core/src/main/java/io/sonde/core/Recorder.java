package io.sonde.core;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Takes the samples of a source into their windows. Fails with {@link Unavailable} when it cannot now. */
@FunctionalInterface
public interface Recorder {
    CompletionStage<Receipt> record(Batch batch);

    /** The batches of one request, each answered for itself, in their order. Who has no room for all begins none. */
    default List<CompletionStage<Receipt>> recordAll(List<Batch> batches) {
        return batches.stream().map(this::record).toList();
    }
}

package io.sonde.core;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The slower baseline: what a source's numbers are at this hour of the day. */
@FunctionalInterface
public interface UsualHours {
    /**
     * Over the same hour of the seven days before; by target, then by {@link Quantile#index()}.
     *
     * @param hourMs its start, epoch ms
     */
    CompletionStage<Map<String, List<Norm>>> sameHour(SourceId source, long hourMs);
}

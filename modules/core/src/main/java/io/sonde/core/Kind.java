package io.sonde.core;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The shape of one signal: what its samples measure and where they can fail.
 *
 * @param name in identities, subjects and rows; lower case
 * @param sourceField what people call a source of this kind ({@code client_id})
 * @param measures in the order of {@link Sample#values()}; only ever appended to
 * @param errorStages in the order of {@link Sample#error()}; only ever appended to
 * @param buckets over how many entities the targets of one source are spread; 1 unless sources are huge
 */
public record Kind(String name, String sourceField, List<Measure> measures, List<String> errorStages, int buckets) {
    public Kind {
        Objects.requireNonNull(name);
        Objects.requireNonNull(sourceField);
        measures = List.copyOf(measures);
        errorStages = List.copyOf(errorStages);
        if (buckets < 1) {
            throw new IllegalArgumentException("buckets must be at least 1: " + buckets);
        }
    }

    /** Why a sample is not of this kind; empty when it is. Fewer values are those of before a measure was added. */
    public Optional<String> misfit(Sample sample) {
        if (sample.values().length > measures.size()) {
            return Optional.of(
                    sample.values().length + " values; a sample of kind " + name + " has " + measures.size());
        }
        if (sample.error() >= errorStages.size()) {
            return Optional.of("error stage " + sample.error() + "; kind " + name + " has " + errorStages.size());
        }
        for (double value : sample.values()) {
            if (Double.isInfinite(value)) {
                return Optional.of("an infinite value");
            }
        }
        return Optional.empty();
    }
}

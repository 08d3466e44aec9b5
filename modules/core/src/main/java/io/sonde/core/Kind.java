package io.sonde.core;

import java.util.List;
import java.util.Objects;

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
}

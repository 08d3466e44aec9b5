package io.sonde.core;

import java.util.Objects;

/** What a window belongs to: one source's view of one target. Ids are 1–255 (target: 2,048) characters of any script. */
public record SeriesId(String tenant, String kind, String source, String target) {
    public SeriesId {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(source);
        Objects.requireNonNull(target);
    }

    /** The entity that holds this series' open windows. */
    public SourceId sourceId(int buckets) {
        return new SourceId(tenant, kind, source, Math.floorMod(target.hashCode(), buckets));
    }
}

package io.sonde.core;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What became of a batch's samples: {@code accepted + duplicate + late + unrecordable} is their number.
 *
 * @param unrecordable those that can never be counted; their neighbours are
 * @param counted true when the journal has them; false when so far only the bus has, which knows no duplicates
 */
public record Receipt(int accepted, int duplicate, int late, List<Unrecordable> unrecordable, boolean counted) {
    public Receipt {
        unrecordable = List.copyOf(unrecordable);
    }

    public Receipt(int accepted, int duplicate, int late, boolean counted) {
        this(accepted, duplicate, late, List.of(), counted);
    }

    /** A sample that does not fit its kind; sending it again will not help. */
    public record Unrecordable(UUID id, String reason) {
        public Unrecordable {
            Objects.requireNonNull(id);
            Objects.requireNonNull(reason);
        }
    }

    public Receipt plus(Receipt other) {
        return new Receipt(
                accepted + other.accepted,
                duplicate + other.duplicate,
                late + other.late,
                Stream.concat(unrecordable.stream(), other.unrecordable.stream())
                        .toList(),
                counted && other.counted);
    }
}

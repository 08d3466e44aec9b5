package io.sonde.core;

/**
 * What became of a batch's samples: {@code accepted + duplicate + late} is their number.
 *
 * @param counted true when the journal has them; false when so far only the bus has, which knows no duplicates
 */
public record Receipt(int accepted, int duplicate, int late, boolean counted) {
    public Receipt plus(Receipt other) {
        return new Receipt(
                accepted + other.accepted, duplicate + other.duplicate, late + other.late, counted && other.counted);
    }
}

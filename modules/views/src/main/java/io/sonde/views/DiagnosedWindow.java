package io.sonde.views;

import java.util.Objects;

/**
 * A minute of which a verdict holds.
 *
 * @param updatedMs when its newest revision was journalled, epoch ms
 */
public record DiagnosedWindow(
        Position position, String source, String target, long revision, Diagnosis diagnosis, long updatedMs) {
    public DiagnosedWindow {
        Objects.requireNonNull(position);
        Objects.requireNonNull(source);
        Objects.requireNonNull(target);
        Objects.requireNonNull(diagnosis);
    }
}

package io.sonde.upkeep;

import io.sonde.core.SeriesId;
import java.util.concurrent.CompletionStage;

/** Hears of a series with an open incident of which no window came for so long that the incident is nobody's any more. */
@FunctionalInterface
public interface SilentSeries {
    /** @param atMs until when none came, epoch ms; said again the next time if it fails */
    CompletionStage<?> said(SeriesId series, long atMs);
}

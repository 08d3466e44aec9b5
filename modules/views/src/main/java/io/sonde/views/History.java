package io.sonde.views;

import io.sonde.core.Norm;
import io.sonde.core.WindowAggregate;
import io.sonde.diagnosis.Norms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * What is stored of one series.
 *
 * @param minutes by their starts
 * @param hours the numbers of each, by its start
 */
public record History(List<WindowAggregate> minutes, Map<Long, double[]> hours) {
    static final int DAYS = 7;
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    public History {
        minutes = List.copyOf(minutes);
        hours = Map.copyOf(hours);
    }

    /** One of those that were sampled. */
    public record Of(long seriesId, String source, String target) {
        public Of {
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
        }
    }

    /**
     * Series drawn without looking at them, the same ones when asked again.
     *
     * @param of so many there are
     */
    public record Sample(List<Of> series, long of) {
        public Sample {
            series = List.copyOf(series);
        }
    }

    /** What is usual at this hour of the day, over the seven days before, as {@link UsualHoursStore} says it. */
    public List<Norm> sameHour(long hourMs) {
        List<double[]> same = LongStream.rangeClosed(1, DAYS)
                .mapToObj(day -> hours.get(hourMs - day * DAY_MS))
                .filter(Objects::nonNull)
                .toList();
        return Norms.of(same, false);
    }
}

package io.sonde.upkeep;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code sonde.upkeep}: what is kept how long.
 *
 * @param every how long after a run the next one begins
 * @param retryAfter the same after a run of which something failed
 * @param monthsAhead partitions there are of months to come
 * @param keepMinutes windows of a minute
 * @param keepRollups windows of hours and days
 * @param keepEnded incidents, problems and silences after their end
 * @param keepJournal closed windows and problems as they were journalled
 * @param keepSettingChanges changes of settings
 * @param keepRuns what upkeep did
 * @param silentAfter how long no window of a series came when its open incidents end
 * @param batch rows deleted in one transaction, at most
 * @param pause after each such transaction
 * @param lockTimeout how long dropping a partition waits for its readers
 */
public record UpkeepSettings(
        Duration every,
        Duration retryAfter,
        int monthsAhead,
        Duration keepMinutes,
        Duration keepRollups,
        Duration keepEnded,
        Duration keepJournal,
        Duration keepSettingChanges,
        Duration keepRuns,
        Duration silentAfter,
        int batch,
        Duration pause,
        Duration lockTimeout) {
    private static final Duration DAY = Duration.ofDays(1);
    /** Beyond, months to come are a mistake. */
    private static final int MOST_MONTHS = 24;

    /** @throws IllegalArgumentException with a line for each value that makes no sense */
    public UpkeepSettings {
        List<String> wrong = new ArrayList<>();
        atLeast(wrong, "every", every, Duration.ofSeconds(1));
        atLeast(wrong, "retry-after", retryAfter, Duration.ofSeconds(1));
        atLeast(wrong, "keep-minutes", keepMinutes, DAY);
        atLeast(wrong, "keep-ended", keepEnded, DAY.multipliedBy(2));
        atLeast(wrong, "keep-journal", keepJournal, Duration.ofHours(1));
        atLeast(wrong, "keep-setting-changes", keepSettingChanges, DAY);
        atLeast(wrong, "keep-runs", keepRuns, DAY);
        atLeast(wrong, "silent-after", silentAfter, DAY);
        atLeast(wrong, "pause", pause, Duration.ZERO);
        atLeast(wrong, "lock-timeout", lockTimeout, Duration.ofMillis(1));
        if (keepRollups.compareTo(keepMinutes) < 0) {
            wrong.add(said("keep-rollups", keepRollups) + "at least as long as keep-minutes");
        }
        if (keepJournal.compareTo(keepMinutes) > 0) {
            wrong.add(said("keep-journal", keepJournal) + "at most as long as keep-minutes");
        }
        if (monthsAhead < 1 || monthsAhead > MOST_MONTHS) {
            wrong.add(said("months-ahead", monthsAhead) + "1 to " + MOST_MONTHS);
        }
        if (batch < 1) {
            wrong.add(said("batch", batch) + "at least 1");
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    /** @param config all of it, with the defaults of this module's {@code reference.conf} */
    public static UpkeepSettings of(Config config) {
        Config upkeep = config.getConfig("sonde.upkeep");
        return new UpkeepSettings(
                upkeep.getDuration("every"),
                upkeep.getDuration("retry-after"),
                upkeep.getInt("months-ahead"),
                upkeep.getDuration("keep-minutes"),
                upkeep.getDuration("keep-rollups"),
                upkeep.getDuration("keep-ended"),
                upkeep.getDuration("keep-journal"),
                upkeep.getDuration("keep-setting-changes"),
                upkeep.getDuration("keep-runs"),
                upkeep.getDuration("silent-after"),
                upkeep.getInt("batch"),
                upkeep.getDuration("pause"),
                upkeep.getDuration("lock-timeout"));
    }

    private static void atLeast(List<String> wrong, String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            wrong.add(said(key, value) + "at least " + least);
        }
    }

    private static String said(String key, Object value) {
        return "sonde.upkeep." + key + " is " + value + ", it must be ";
    }
}

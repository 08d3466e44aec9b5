package io.sonde.views;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * {@code sonde.views}: how the read side is written, kept and asked.
 *
 * @param groupSize events written in one transaction, at most
 * @param groupWithin how long an event waits for others, at most
 * @param pageSize rows of the journal read at a time, at most
 * @param pollInterval how long a slice of the journal without new rows is left alone
 * @param rememberedSeries series whose numbers a slice remembers
 * @param upkeepInterval how often roll-ups are looked after
 * @param rollupBatch hours or days rolled up in one transaction
 * @param queryThreads questions answered at a time: as many connections are used
 * @param queryQueue questions that may wait
 * @param queryTimeout how long PostgreSQL may take for one
 */
public record ViewsSettings(
        int groupSize,
        Duration groupWithin,
        int pageSize,
        Duration pollInterval,
        int rememberedSeries,
        Duration upkeepInterval,
        int rollupBatch,
        int queryThreads,
        int queryQueue,
        Duration queryTimeout) {
    public ViewsSettings {
        atLeastOne("group-size", groupSize);
        atLeastOne("page-size", pageSize);
        atLeastOne("remembered-series", rememberedSeries);
        atLeastOne("rollup-batch", rollupBatch);
        atLeastOne("query-threads", queryThreads);
        atLeastOne("query-queue", queryQueue);
        positive("group-within", groupWithin);
        positive("poll-interval", pollInterval);
        positive("upkeep-interval", upkeepInterval);
        positive("query-timeout", queryTimeout);
    }

    /** @param config all of it, with the defaults of this module's {@code reference.conf} */
    public static ViewsSettings of(Config config) {
        Config views = config.getConfig("sonde.views");
        return new ViewsSettings(
                views.getInt("group-size"),
                views.getDuration("group-within"),
                views.getInt("page-size"),
                views.getDuration("poll-interval"),
                views.getInt("remembered-series"),
                views.getDuration("upkeep-interval"),
                views.getInt("rollup-batch"),
                views.getInt("query-threads"),
                views.getInt("query-queue"),
                views.getDuration("query-timeout"));
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("sonde.views." + key + " is " + value + ", it must be at least 1");
        }
    }

    private static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("sonde.views." + key + " is " + value + ", it must be longer than 0");
        }
    }
}

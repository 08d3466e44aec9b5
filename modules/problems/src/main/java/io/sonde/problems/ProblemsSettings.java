package io.sonde.problems;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How incidents become problems, and when people are told.
 *
 * @param lookEvery how often open incidents are looked at
 * @param groupWait a problem must last so long before anybody is told: what belongs together comes together in it
 * @param share of a source's targets, or of a target's sources, that make it the one at fault, 0–1
 * @param leastMembers so many there must be to tell sides apart
 * @param firstRetry after a failed attempt; each further one waits twice as long
 * @param longestRetry and never longer than this
 */
public record ProblemsSettings(
        Duration lookEvery,
        Duration groupWait,
        double share,
        int leastMembers,
        Duration firstRetry,
        Duration longestRetry) {
    public ProblemsSettings {
        if (share <= 0 || share > 1) {
            throw new IllegalArgumentException("sonde.problems.share: expected more than 0, at most 1, found " + share);
        }
        if (leastMembers < 2) {
            throw new IllegalArgumentException("sonde.problems.least-members: expected at least 2");
        }
        if (lookEvery.compareTo(Duration.ofMillis(100)) < 0 || firstRetry.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("sonde.problems.look-every and retry.first: expected at least 100 ms");
        }
        if (longestRetry.compareTo(firstRetry) < 0) {
            throw new IllegalArgumentException("sonde.problems.retry.longest: expected at least retry.first");
        }
    }

    /** @param sonde all of {@code sonde} */
    public static ProblemsSettings from(Config sonde) {
        Config problems = sonde.getConfig("problems");
        return new ProblemsSettings(
                problems.getDuration("look-every"),
                problems.getDuration("group-wait"),
                problems.getDouble("share"),
                problems.getInt("least-members"),
                problems.getDuration("retry.first"),
                problems.getDuration("retry.longest"));
    }

    /**
     * @param attempts that have failed, at least one
     * @param asked what the receiver wants to be left alone for
     */
    Duration retryAfter(int attempts, Duration asked) {
        Duration doubled = firstRetry.multipliedBy(1L << Math.min(attempts - 1, 20));
        Duration wait = doubled.compareTo(asked) > 0 ? doubled : asked;
        return wait.compareTo(longestRetry) < 0 ? wait : longestRetry;
    }
}

package io.sonde.probe;

/** When runs start, in nanoseconds since the agent did: start to start, so that a slow run never shifts the next one. */
record Schedule(Pace pace, int targets) {

    /** @param chance of 0 to 1, how much of the jitter this start gets */
    long startNanos(int target, long round, double chance) {
        return baseNanos(target, round) + (long) (chance * jitterNanos());
    }

    /** The next round after {@code round} whose start is not over yet; those between were missed. */
    long nextRound(int target, long round, long nowNanos) {
        long begun = Math.floorDiv(nowNanos - baseNanos(target, 0), intervalNanos());
        return Math.max(round, begun) + 1;
    }

    private long baseNanos(int target, long round) {
        return round * intervalNanos() + target * staggerNanos();
    }

    private long intervalNanos() {
        return pace.interval().toNanos();
    }

    private long staggerNanos() {
        return Math.min(pace.stagger().toNanos(), intervalNanos() / Math.max(1, targets));
    }

    /** Never so much that a start could fall into the next round. */
    private long jitterNanos() {
        return Math.min(pace.jitter().toNanos(), intervalNanos() / 2);
    }
}

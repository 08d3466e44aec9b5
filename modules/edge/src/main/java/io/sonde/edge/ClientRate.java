package io.sonde.edge;

/**
 * How much one client may send to one node.
 *
 * @param eventsPerSecond on average
 * @param burst events that a client that was quiet may send at once
 * @param targetsPerMinute different targets that it may name in a minute
 */
public record ClientRate(int eventsPerSecond, int burst, int targetsPerMinute) {
    private static final long NANOS = 1_000_000_000;

    public ClientRate {
        if (eventsPerSecond < 1 || burst < 1 || targetsPerMinute < 1) {
            throw new IllegalArgumentException("events-per-second, burst and targets-per-minute must be positive");
        }
    }

    /** How long a client must be quiet for so many events, ns, rounded up. */
    long nanosFor(int events) {
        return (events * NANOS + eventsPerSecond - 1) / eventsPerSecond;
    }

    long nanosForBurst() {
        return nanosFor(burst);
    }
}

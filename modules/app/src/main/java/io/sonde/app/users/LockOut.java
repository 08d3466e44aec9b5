package io.sonde.app.users;

import java.time.Duration;
import java.util.Optional;

/**
 * How long nobody is listened to after so many failures in a row: {@code first}, and twice as long after each further one.
 *
 * @param free failures that cost nothing
 */
record LockOut(int free, Duration first, Duration longest) {
    /** Of one name. */
    static final LockOut NAME = new LockOut(5, Duration.ofSeconds(30), Duration.ofMinutes(15));
    /** Of one address, which an office may share. */
    static final LockOut ADDRESS = new LockOut(20, Duration.ofSeconds(30), Duration.ofMinutes(15));

    Optional<Duration> after(int failures) {
        if (failures < free) {
            return Optional.empty();
        }
        Duration wait = first;
        for (int more = free; more < failures && wait.compareTo(longest) < 0; more++) {
            wait = wait.multipliedBy(2);
        }
        return Optional.of(wait.compareTo(longest) < 0 ? wait : longest);
    }
}

package io.sonde.views;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Part of a list of sources or targets; names are in the order of their code points.
 *
 * @param prefix what the name begins with, empty for any
 * @param contains what it contains, whatever the case, empty for any
 * @param status null for any
 * @param nowMs what is silent is told by this time, epoch ms
 * @param after the last name of the page before, null for the first page
 */
public record NameQuery(
        String tenant,
        String kind,
        String prefix,
        String contains,
        @Nullable Status status,
        Order order,
        long nowMs,
        @Nullable Key after,
        int limit) {
    /** Of whom so long no window came is silent. */
    public static final Duration SILENT_AFTER = Duration.ofMinutes(10);

    public NameQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(contains);
        Objects.requireNonNull(order);
    }

    /** How it is, the best first: an open incident says more than silence. */
    public enum Status {
        WELL(0),
        SILENT(1),
        TROUBLED(2);

        private final int grade;

        Status(int grade) {
            this.grade = grade;
        }

        /** The higher the worse, as questions to the database have it. */
        int grade() {
            return grade;
        }

        static Status graded(int grade) {
            return Arrays.stream(values())
                    .filter(one -> one.grade == grade)
                    .findFirst()
                    .orElseThrow();
        }

        /** As in requests and answers. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Status> of(String code) {
            return Arrays.stream(values())
                    .filter(one -> one.code().equals(code))
                    .findFirst();
        }

        public static List<String> codes() {
            return Arrays.stream(values()).map(Status::code).toList();
        }
    }

    public enum Order {
        NAME,
        /** The latest window first. */
        LAST_SEEN,
        /** The worst first, of those in trouble the one with the most open incidents. */
        STATUS;

        /** As in requests. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Order> of(String code) {
            return Arrays.stream(values())
                    .filter(one -> one.code().equals(code))
                    .findFirst();
        }

        public static List<String> codes() {
            return Arrays.stream(values()).map(Order::code).toList();
        }
    }

    /** Where a name is in the list: beside it what the lists can be sorted by. */
    public record Key(String name, long lastWindowMs, Status status, long incidents) {
        public Key {
            Objects.requireNonNull(name);
            Objects.requireNonNull(status);
        }
    }
}

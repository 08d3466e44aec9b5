package io.sonde.notify;

import io.sonde.core.Evidence;
import io.sonde.core.Norm;
import io.sonde.core.Notification;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Notifications as a diagnosis may send them. */
final class Notifications {
    static final long STARTED = Instant.parse("2026-11-20T23:04:00Z").toEpochMilli();
    static final long ENDED = Instant.parse("2026-11-21T00:10:30Z").toEpochMilli();
    static final String SHOP = "https://shop.example/";

    private static final Evidence TTFB = new Evidence("ttfb_p95", "ms", 412, new Norm(48, 6, 10), Norm.NONE, 60);
    private static final Evidence SHARE = new Evidence("dns_p95 / total_p95", "", 0.625, Norm.NONE, Norm.NONE, 0.4);

    private Notifications() {}

    /** Two sources of a target; the second incident has ended already. */
    static Notification firing() {
        return of(
                "42/1",
                null,
                List.of(
                        member(1, "berlin-1", SHOP, null, TTFB, SHARE),
                        member(2, "hamburg \"2\"", SHOP, STARTED + 60_000, TTFB)));
    }

    static Notification resolved() {
        return of(
                "42/2",
                ENDED,
                List.of(member(1, "berlin-1", SHOP, ENDED, TTFB), member(2, "hamburg-2", SHOP, null, TTFB)));
    }

    static Notification withMembers(int number) {
        return of(
                "42/3",
                null,
                IntStream.rangeClosed(1, number)
                        .mapToObj(i -> member(i, "probe-" + i, SHOP, null, TTFB))
                        .toList());
    }

    static Notification of(
            Scope scope, String label, @Nullable String source, @Nullable String target, List<Member> members) {
        return new Notification(
                "k", "42", false, "default", "qoe", scope, label, source, target, STARTED, null, members);
    }

    static Member member(int incident, String source, String target, @Nullable Long endedMs, Evidence... evidence) {
        return new Member("i-" + incident, source, target, "server-bound", STARTED, endedMs, 8.5, List.of(evidence));
    }

    private static Notification of(String key, @Nullable Long endedMs, List<Member> members) {
        return new Notification(
                key,
                "42",
                endedMs != null,
                "default",
                "qoe",
                Scope.TARGET,
                "server-bound",
                null,
                SHOP,
                STARTED,
                endedMs,
                members);
    }
}

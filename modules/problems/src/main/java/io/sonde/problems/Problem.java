package io.sonde.problems;

import io.sonde.core.Notification;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One cause, and the incidents that come of it. Times are epoch ms.
 *
 * @param version grows with each change; of two the higher is the newer
 * @param scope where the cause lies
 * @param label of its first incident
 * @param source what all its incidents have in common, or null
 * @param target likewise
 * @param startedMs when it was noticed
 * @param endedMs when its last incident ended, or it turned out to be part of another; 0 while it goes on
 * @param partOf the id of the problem it turned out to be part of, or null
 * @param ack who has taken it on, or null
 */
public record Problem(
        String id,
        long version,
        String tenant,
        String kind,
        Scope scope,
        String label,
        @Nullable String source,
        @Nullable String target,
        long startedMs,
        long endedMs,
        @Nullable String partOf,
        @Nullable Ack ack,
        List<Member> members) {
    private static final Comparator<Member> WORST_FIRST =
            Comparator.comparingDouble(Member::severity).reversed();

    /**
     * Somebody has taken it on.
     *
     * @param by who, as they call themselves
     */
    public record Ack(String by, String note, long atMs) {
        public Ack {
            Objects.requireNonNull(by);
            Objects.requireNonNull(note);
        }
    }

    public Problem {
        Objects.requireNonNull(id);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(label);
        members = List.copyOf(members);
    }

    public boolean isOpen() {
        return endedMs == 0;
    }

    boolean has(String incident) {
        return members.stream().anyMatch(member -> member.incident().equals(incident));
    }

    /** What its beginning or its end is told with. */
    Notification told(Delivery delivery) {
        return new Notification(
                delivery.key(),
                id,
                delivery.resolved(),
                tenant,
                kind,
                scope,
                label,
                source,
                target,
                startedMs,
                delivery.resolved() ? Long.valueOf(endedMs) : null,
                members.stream().sorted(WORST_FIRST).toList());
    }

    Problem with(List<Member> now) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, endedMs, partOf, ack, now);
    }

    Problem ended(long nowMs, @Nullable String into) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, nowMs, into, ack, members);
    }

    Problem acknowledged(Ack by) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, endedMs, partOf, by, members);
    }
}

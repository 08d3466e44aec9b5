package io.sonde.problems;

import io.sonde.core.Notification;
import io.sonde.core.Notification.Member;
import io.sonde.core.Notification.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
 * @param members all that go on, and the last hundred that are over
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

    private static final int ENDED_MEMBERS = 100;

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

    /** Whose incidents are over that are not among these. */
    Problem goesOnWith(Set<String> open, long nowMs) {
        List<Member> now = members.stream()
                .map(member ->
                        member.endedMs() == null && !open.contains(member.incident()) ? ended(member, nowMs) : member)
                .toList();
        return now.equals(members) ? this : with(withoutLongEnded(now));
    }

    /** What people are told of it. */
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
                worstFirst());
    }

    /** The worst first, and what goes on before what is over. */
    private List<Member> worstFirst() {
        return members.stream()
                .sorted(Comparator.comparing((Member member) -> member.endedMs() != null)
                        .thenComparing(
                                Comparator.comparingDouble(Member::severity).reversed()))
                .toList();
    }

    /** An incident comes and goes at a hundred sources for days: what is journalled must not grow with that. */
    private static List<Member> withoutLongEnded(List<Member> members) {
        long ended = members.stream().filter(member -> member.endedMs() != null).count();
        List<Member> left = new ArrayList<>(members);
        left.stream()
                .filter(member -> member.endedMs() != null)
                .sorted(Comparator.comparing(Member::endedMs, Comparator.nullsLast(Comparator.naturalOrder())))
                .limit(Math.max(0, ended - ENDED_MEMBERS))
                .toList()
                .forEach(left::remove);
        return left;
    }

    private static Member ended(Member member, long nowMs) {
        return new Member(
                member.incident(),
                member.source(),
                member.target(),
                member.label(),
                member.onsetMs(),
                nowMs,
                member.severity(),
                member.evidence());
    }

    Problem with(List<Member> now) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, endedMs, partOf, ack, now);
    }

    Problem ended(long nowMs, @Nullable String into) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, nowMs, into, ack, members);
    }

    Problem acknowledged(@Nullable Ack by) {
        return new Problem(
                id, version + 1, tenant, kind, scope, label, source, target, startedMs, endedMs, partOf, by, members);
    }
}

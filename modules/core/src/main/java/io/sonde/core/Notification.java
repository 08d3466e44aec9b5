package io.sonde.core;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of a problem.
 *
 * @param key the same however often it is sent: receivers recognise a repetition by it
 * @param problem its id; all notifications of one problem have the same
 * @param resolved it is over
 * @param scope where the cause lies
 * @param label of its first incident ({@code dns-bound})
 * @param source what all its incidents have in common, or null
 * @param target likewise
 * @param startedMs epoch ms
 * @param endedMs epoch ms; null while it goes on
 * @param members its incidents, the worst first
 */
public record Notification(
        String key,
        String problem,
        boolean resolved,
        String tenant,
        String kind,
        Scope scope,
        String label,
        @Nullable String source,
        @Nullable String target,
        long startedMs,
        @Nullable Long endedMs,
        List<Member> members) {
    /** Where the cause of a problem lies. */
    public enum Scope {
        /** All targets of one source suffer. */
        SOURCE,
        /** All sources of one target suffer. */
        TARGET,
        /** Something between them. */
        PATH
    }

    /**
     * An incident: one series and label.
     *
     * @param severity of its worst window
     * @param evidence of its worst window
     */
    public record Member(
            String incident,
            String source,
            String target,
            String label,
            long onsetMs,
            @Nullable Long endedMs,
            double severity,
            List<Evidence> evidence) {
        public Member {
            Objects.requireNonNull(incident);
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
            Objects.requireNonNull(label);
            evidence = List.copyOf(evidence);
        }
    }

    public Notification {
        Objects.requireNonNull(key);
        Objects.requireNonNull(problem);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(label);
        members = List.copyOf(members);
    }
}

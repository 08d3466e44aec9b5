package io.sonde.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Remembers each change that somebody made, for those who ask later how things came to be as they are. */
@FunctionalInterface
public interface Audit {
    /** Returns at once. A change that cannot be stored holds all the same; it is in the log. */
    void note(Change change);

    /**
     * What somebody changed. It holds no secret.
     *
     * @param who the id of a token, the name of a person
     * @param what of which kind it is, and what was done: {@code token.revoke}
     * @param subject names the one of that kind
     * @param before JSON, null when there was nothing or that says nothing
     * @param after likewise, null when there is nothing any more
     */
    record Change(
            String tenant, String who, String what, String subject, @Nullable String before, @Nullable String after) {
        public Change {
            Objects.requireNonNull(tenant);
            Objects.requireNonNull(who);
            Objects.requireNonNull(what);
            Objects.requireNonNull(subject);
        }

        public static Change by(
                Grant grant, String what, String subject, @Nullable String before, @Nullable String after) {
            return new Change(grant.tenant(), grant.who(), what, subject, before, after);
        }
    }
}

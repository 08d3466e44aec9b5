package io.sonde.problems;

import java.util.Objects;

/**
 * One notification on its way through one channel.
 *
 * @param key of the notification: the same however often it is sent
 * @param resolved tells the end of the problem, and not its beginning
 * @param attempts how often it was sent without success
 * @param nextMs not before, epoch ms
 * @param error what became of the last attempt, empty when there was none or it arrived
 * @param doneMs when it arrived or was dropped, epoch ms; 0 before
 */
public record Delivery(
        String key,
        long version,
        String problem,
        String channel,
        boolean resolved,
        State state,
        int attempts,
        long nextMs,
        String error,
        long doneMs) {
    /** Stored by name. */
    public enum State {
        DUE,
        SENT,
        /** Its channel is not there any more. */
        DROPPED
    }

    public Delivery {
        Objects.requireNonNull(key);
        Objects.requireNonNull(problem);
        Objects.requireNonNull(channel);
        Objects.requireNonNull(state);
        Objects.requireNonNull(error);
    }

    static Delivery due(Problem problem, String channel, boolean resolved, long nowMs) {
        return new Delivery(
                key(problem.id(), channel, resolved), 1, problem.id(), channel, resolved, State.DUE, 0, nowMs, "", 0);
    }

    static String key(String problem, String channel, boolean resolved) {
        return problem + "/" + channel + (resolved ? "/resolved" : "/firing");
    }

    boolean isDue() {
        return state == State.DUE;
    }

    Delivery sent(long nowMs) {
        return new Delivery(key, version + 1, problem, channel, resolved, State.SENT, attempts, nextMs, "", nowMs);
    }

    Delivery failed(String why, long nextTryMs) {
        return new Delivery(key, version + 1, problem, channel, resolved, State.DUE, attempts + 1, nextTryMs, why, 0);
    }

    Delivery dropped(long nowMs) {
        return new Delivery(
                key, version + 1, problem, channel, resolved, State.DROPPED, attempts, nextMs, error, nowMs);
    }
}

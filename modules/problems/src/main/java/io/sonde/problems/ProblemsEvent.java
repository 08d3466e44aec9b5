package io.sonde.problems;

import java.util.Objects;

/** What the journal of problems holds; each carries the whole of what changed, as it is since. */
public sealed interface ProblemsEvent {
    void applyTo(Problems problems);

    /** @param atMs when it was decided, epoch ms */
    record ProblemChanged(Problem problem, long atMs) implements ProblemsEvent {
        public ProblemChanged {
            Objects.requireNonNull(problem);
        }

        @Override
        public void applyTo(Problems problems) {
            problems.remember(problem, atMs);
        }
    }

    record DeliveryChanged(Delivery delivery) implements ProblemsEvent {
        public DeliveryChanged {
            Objects.requireNonNull(delivery);
        }

        @Override
        public void applyTo(Problems problems) {
            problems.remember(delivery);
        }
    }

    record SilenceChanged(Silence silence) implements ProblemsEvent {
        public SilenceChanged {
            Objects.requireNonNull(silence);
        }

        @Override
        public void applyTo(Problems problems) {
            problems.remember(silence);
        }
    }
}

package io.sonde.views;

import io.sonde.views.NameQuery.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is listed of what is known; times are epoch ms of the start of a window. */
public sealed interface Listed {
    record Series(String source, String target, long firstWindowMs, long lastWindowMs) implements Listed {
        public Series {
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
        }
    }

    /** @param attributes what the source says of itself */
    record Source(
            String source,
            Map<String, String> attributes,
            long series,
            long firstWindowMs,
            long lastWindowMs,
            Condition condition)
            implements Listed {
        public Source {
            Objects.requireNonNull(source);
            attributes = Map.copyOf(attributes);
        }
    }

    /** @param sources how many measure it */
    record Target(String target, long sources, long firstWindowMs, long lastWindowMs, Condition condition)
            implements Listed {
        public Target {
            Objects.requireNonNull(target);
        }
    }

    /**
     * How it is now.
     *
     * @param incidents how many are open
     * @param worst the label of the most severe of them, null when there are none
     * @param labels of all of them, in order
     */
    record Condition(Status status, long incidents, @Nullable String worst, List<String> labels) {
        public Condition {
            Objects.requireNonNull(status);
            labels = List.copyOf(labels);
        }
    }
}

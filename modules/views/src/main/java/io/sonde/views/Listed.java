package io.sonde.views;

import java.util.Map;
import java.util.Objects;

/** What is listed of what is known; times are epoch ms of the start of a window. */
public sealed interface Listed {
    record Series(String source, String target, long firstWindowMs, long lastWindowMs) implements Listed {
        public Series {
            Objects.requireNonNull(source);
            Objects.requireNonNull(target);
        }
    }

    /** @param attributes what the source says of itself */
    record Source(String source, Map<String, String> attributes, long series, long firstWindowMs, long lastWindowMs)
            implements Listed {
        public Source {
            Objects.requireNonNull(source);
            attributes = Map.copyOf(attributes);
        }
    }

    /** @param sources how many measure it */
    record Target(String target, long sources, long firstWindowMs, long lastWindowMs) implements Listed {
        public Target {
            Objects.requireNonNull(target);
        }
    }
}

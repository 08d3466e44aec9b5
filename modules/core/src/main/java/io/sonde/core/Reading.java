package io.sonde.core;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One event of a request body, read and validated. */
public sealed interface Reading {
    /** @param trace that the event says it belongs to, null when that is none or not sampled */
    record Valid(String source, Map<String, String> attributes, Sample sample, @Nullable TraceContext trace)
            implements Reading {
        public Valid(String source, Map<String, String> attributes, Sample sample) {
            this(source, attributes, sample, null);
        }

        public Valid {
            Objects.requireNonNull(source);
            Objects.requireNonNull(sample);
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * @param source that it names, null when that was not readable
     * @param eventId as it was sent, null when it was not readable
     * @param detail says what was expected of which field
     */
    record Refused(@Nullable String source, @Nullable String eventId, Refusal reason, String detail)
            implements Reading {
        public Refused {
            Objects.requireNonNull(reason);
            Objects.requireNonNull(detail);
        }
    }
}

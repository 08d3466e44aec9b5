package io.sonde.views;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some of what was asked for.
 *
 * @param last where the next page goes on, null when this is the last one
 */
public record Page<T, K>(List<T> items, @Nullable K last) {
    public Page {
        items = List.copyOf(items);
    }

    public Optional<K> next() {
        return Optional.ofNullable(last);
    }

    /** The same, going on where {@code name} calls it. */
    public <L> Page<T, L> goingOn(Function<K, L> name) {
        return new Page<>(items, last == null ? null : name.apply(last));
    }

    /** Of one item more than the limit, if there are so many, all but that one. */
    static <T, K> Page<T, K> of(List<T> oneMore, int limit, Function<T, K> key) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        return new Page<>(items, Objects.requireNonNull(key.apply(items.get(limit - 1))));
    }
}

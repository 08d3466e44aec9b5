package io.sonde.notify;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One of an enum's constants, named in small letters. */
final class Choice {
    private Choice() {}

    static <E extends Enum<E>> E of(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> code(constant).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is " + name + ", it must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Choice::code)
                                .collect(Collectors.joining(", "))));
    }

    private static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

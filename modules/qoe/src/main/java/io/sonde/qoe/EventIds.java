package io.sonde.qoe;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids as RFC 9562 writes them. Not {@link UUID#fromString}, which takes {@code 1-1-1-1-1} for one too. */
final class EventIds {
    private static final int LENGTH = 36;
    private static final int NONE = -1;

    private EventIds() {}

    /** Null when it is not 36 characters of that form. */
    static @Nullable UUID parse(char[] text, int start, int length) {
        if (length != LENGTH) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < LENGTH; i++) {
            char c = text[start + i];
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = digit(c);
            if (digit == NONE) {
                return null;
            }
            high = high << 4 | low >>> 60;
            low = low << 4 | digit;
        }
        return new UUID(high, low);
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : NONE;
    }
}

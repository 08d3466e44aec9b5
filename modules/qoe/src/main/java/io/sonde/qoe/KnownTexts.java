package io.sonde.qoe;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Texts that were found valid lately: sources say the same few again and again, and a text that is known is neither checked
 * nor made anew. Its memory is bounded; safe for threads, because what is lost to another is only made again.
 */
final class KnownTexts {
    private static final int LONGEST = 256;

    private final String[] places;
    private final Predicate<String> valid;

    /** @param places a power of two */
    KnownTexts(int places, Predicate<String> valid) {
        this.places = new String[places];
        this.valid = valid;
    }

    /** The text at which the parser stands, null when it is not valid. */
    @Nullable
    String read(JsonParser json) throws IOException {
        char[] text = json.getTextCharacters();
        int start = json.getTextOffset();
        int length = json.getTextLength();
        int place = hash(text, start, length) & places.length - 1;
        String known = places[place];
        if (known != null && isSame(known, text, start, length)) {
            return known;
        }
        String made = new String(text, start, length);
        if (!valid.test(made)) {
            return null;
        }
        if (length <= LONGEST) {
            places[place] = made;
        }
        return made;
    }

    private static int hash(char[] text, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + text[i];
        }
        return hash ^ hash >>> 16;
    }

    private static boolean isSame(String known, char[] text, int start, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != text[start + i]) {
                return false;
            }
        }
        return true;
    }
}

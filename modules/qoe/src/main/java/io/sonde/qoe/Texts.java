package io.sonde.qoe;

/** Rules for text that comes from outside. */
final class Texts {
    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {}

    /** Neither control characters nor halves of a surrogate pair, which no database or log would give back unchanged. */
    static boolean isPlain(String text) {
        return firstBad(text) < 0;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** What of a sender's text may be said back to it: plain, and not longer than {@code max}. */
    static String clean(String text, int max) {
        String cut = text.length() <= max ? text : text.substring(0, max - 1) + "…";
        if (isPlain(cut)) {
            return cut;
        }
        var plain = new StringBuilder(cut);
        for (int i = 0; i < plain.length(); i++) {
            if (isBad(plain, i)) {
                plain.setCharAt(i, REPLACEMENT);
            }
        }
        return plain.toString();
    }

    private static int firstBad(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isBad(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isBad(CharSequence text, int i) {
        char c = text.charAt(i);
        if (c >= ' ' && c <= '~') {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
        }
        return Character.isISOControl(c);
    }
}

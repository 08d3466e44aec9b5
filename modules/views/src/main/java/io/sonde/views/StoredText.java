package io.sonde.views;

/** Text as PostgreSQL can keep it: everything but U+0000. */
final class StoredText {
    private StoredText() {}

    static String of(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}

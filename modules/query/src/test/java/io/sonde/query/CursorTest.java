package io.sonde.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;

class CursorTest {
    @Property
    void aCursorGivesItsPartsBack(@ForAll @NotBlank String source, @ForAll @NotBlank String target) {
        Assume.that((source + target).indexOf('\0') < 0 && isUnicode(source) && isUnicode(target));
        Cursor cursor = new Cursor("series", List.of(source, target));

        assertThat(Cursor.parse(cursor.text(), "series", 2)).contains(cursor);
        assertThat(cursor.text()).matches("[A-Za-z0-9_-]+");
    }

    @Property
    void whatIsNotACursorIsNone(@ForAll String text) {
        assertThat(Cursor.parse(text, "series", 2)).isEmpty();
    }

    @Property
    void aChangedCursorIsNone(@ForAll @IntRange(max = 20) int at, @ForAll char instead) {
        String text = new Cursor("windows1m", List.of("1", "2", "3", "4")).text();
        String changed = text.substring(0, at) + instead + text.substring(at + 1);
        Assume.that(!changed.equals(text));

        assertThat(Cursor.parse(changed, "windows1m", 4)).isEmpty();
    }

    @Example
    void aCursorOfAnotherListIsNone() {
        String text = new Cursor("clients", List.of("berlin-1")).text();

        assertThat(Cursor.parse(text, "targets", 1)).isEmpty();
        assertThat(Cursor.parse(text, "clients", 2)).isEmpty();
    }

    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}

package io.sonde.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class GlobTest {
    @Property(tries = 5_000)
    void aStarIsAnyTextAndEverythingElseItself(
            @ForAll @Chars({'a', 'b', '*'}) @StringLength(max = 6) String glob,
            @ForAll @Chars({'a', 'b', '\n'}) @StringLength(max = 8) String name) {
        String regex = Stream.of(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));

        assertThat(new Glob(glob).matches(name))
                .isEqualTo(Pattern.compile(regex, Pattern.DOTALL).matcher(name).matches());
    }

    @Test
    void nobodyCanWriteOneThatTakesForEver() {
        String hard = "*a".repeat(1_000) + "x";

        assertThat(new Glob(hard).matches("a".repeat(2_048))).isFalse();
    }
}

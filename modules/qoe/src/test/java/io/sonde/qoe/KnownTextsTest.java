package io.sonde.qoe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownTextsTest {
    private final List<String> checked = new ArrayList<>();
    private final KnownTexts texts = new KnownTexts(1, text -> {
        checked.add(text);
        return !text.contains("bad");
    });

    @Test
    void whatIsSaidAgainIsTheSameTextAndNotCheckedAgain() throws IOException {
        String first = read("berlin-1");

        assertThat(read("berlin-1")).isSameAs(first).isEqualTo("berlin-1");
        assertThat(checked).containsExactly("berlin-1");
    }

    @Test
    void textsOfOnePlaceAreNeverMixedUp() throws IOException {
        assertThat(read("a")).isEqualTo("a");
        assertThat(read("b")).isEqualTo("b");
        assertThat(read("ab")).isEqualTo("ab");
        assertThat(read("a")).isEqualTo("a");
    }

    @Test
    void whatIsNotValidIsCheckedEachTime() throws IOException {
        assertThat(read("bad")).isNull();
        assertThat(read("bad")).isNull();
        assertThat(checked).hasSize(2);
    }

    @Test
    void aLongTextIsReadAndNotKept() throws IOException {
        String longer = "x".repeat(257);

        assertThat(read(longer)).isEqualTo(longer);
        assertThat(read(longer)).isEqualTo(longer);
        assertThat(checked).hasSize(2);
    }

    private @Nullable String read(String text) throws IOException {
        try (JsonParser json = new JsonFactory().createParser("\"" + text + "\"")) {
            json.nextToken();
            return texts.read(json);
        }
    }
}

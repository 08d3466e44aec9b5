package io.sonde.app.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import io.sonde.core.Scope;
import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TokenTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Property
    void aTokenIsReadBackFromItsText(@ForAll Scope scope) {
        Token token = Token.generate(scope, RANDOM);

        Token parsed = Token.parse(token.text()).orElseThrow();

        assertThat(parsed.text()).isEqualTo(token.text()).matches("sonde_[a-z]+_[0-9A-Za-z]{43}_[0-9a-f]{8}");
        assertThat(parsed.scope()).isEqualTo(scope);
        assertThat(parsed.id()).isEqualTo(token.id()).hasSize(12);
        assertThat(parsed.sha256()).isEqualTo(token.sha256()).hasSize(32);
    }

    @Property
    void aTypingErrorIsNoToken(@ForAll Scope scope, @ForAll @IntRange(max = 200) int at, @ForAll char typed) {
        String text = Token.generate(scope, RANDOM).text();
        int position = at % text.length();
        String mistyped = text.substring(0, position) + typed + text.substring(position + 1);

        assertThat(Token.parse(mistyped).isPresent()).isEqualTo(mistyped.equals(text));
        assertThat(Token.parse(text.substring(0, position))).isEmpty();
    }

    @Property
    void anyOtherTextIsNoToken(@ForAll String text) {
        assertThat(Token.parse(text)).isEmpty();
    }

    @Property(tries = 100)
    void aTokenDoesNotPrintItsSecret(@ForAll Scope scope) {
        Token token = Token.generate(scope, RANDOM);

        assertThat(token.toString()).doesNotContain(token.text().split("_")[2]).contains(token.id());
    }
}

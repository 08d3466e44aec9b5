package io.sonde.app.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Password PASSWORD = new Password("correct horse battery");

    @Test
    void itFitsItsHashAndNothingElseDoes() {
        String hash = PasswordHash.of(PASSWORD, RANDOM);

        assertThat(PasswordHash.fits("correct horse battery", hash)).isTrue();
        assertThat(PasswordHash.fits("correct horse batterz", hash)).isFalse();
        assertThat(PasswordHash.fits("", hash)).isFalse();
    }

    @Test
    void theHashNamesOwaspsParametersAndIsAnotherEachTime() {
        String hash = PasswordHash.of(PASSWORD, RANDOM);

        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("correct");
        assertThat(PasswordHash.of(PASSWORD, RANDOM)).isNotEqualTo(hash);
    }

    /** Made by the reference implementation: {@code echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1}. */
    @Test
    void aHashThatOthersMadeIsRead() {
        String hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        assertThat(PasswordHash.fits("password", hash)).isTrue();
        assertThat(PasswordHash.fits("passwort", hash)).isFalse();
    }

    @Test
    void whatIsNoHashFitsNothing() {
        assertThatThrownBy(() -> PasswordHash.fits("x", "plain")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "elevenchars", "Administrator"})
    void aShortOneAndTheNameAreNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Password.of(text, "administrator"))
                .withMessageContaining("12 to 256 characters");
    }

    @Test
    void itIsTheSameHoweverItWasTyped() {
        assertThat(new Password("Stra\u00dfe Caf\u00e9 42")).isEqualTo(new Password("Stra\u00dfe Cafe\u0301 42"));
    }

    @Test
    void aGeneratedOneIsLongAndAnotherEachTime() {
        Password one = Password.generate(RANDOM);

        assertThat(one.text()).matches("[2-9a-z]{20}");
        assertThat(Password.generate(RANDOM)).isNotEqualTo(one);
    }

    @Test
    void itDoesNotPrintItself() {
        assertThat(PASSWORD.toString()).doesNotContain("correct");
    }
}

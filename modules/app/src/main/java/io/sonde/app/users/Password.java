package io.sonde.app.users;

import java.security.SecureRandom;
import java.text.Normalizer;

/**
 * A password that is long enough: its length is all that keeps a guesser with the database away for long (NIST SP 800-63B
 * §3.1.1.2).
 *
 * @param text as Unicode's NFKC has it, whatever keyboard it was typed on
 */
public record Password(String text) {
    /** In words, for who has chosen another. */
    public static final String PASSWORDS = "a password of 12 to 256 characters that is not the name";

    static final int LONGEST = 256;

    private static final int SHORTEST = 12;
    /** None that is easily taken for another. */
    private static final String DIGITS = "23456789abcdefghjkmnpqrstuvwxyz";

    private static final int GENERATED_LENGTH = 20;

    public Password {
        text = normal(text);
        int length = text.codePointCount(0, text.length());
        if (length < SHORTEST || length > LONGEST) {
            throw new IllegalArgumentException("expected " + PASSWORDS);
        }
    }

    public static Password of(String text, String name) {
        if (text.equalsIgnoreCase(name)) {
            throw new IllegalArgumentException("expected " + PASSWORDS);
        }
        return new Password(text);
    }

    /** Of 99 random bits. */
    public static Password generate(SecureRandom random) {
        var text = new StringBuilder(GENERATED_LENGTH);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new Password(text.toString());
    }

    static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    @Override
    public String toString() {
        return "Password[hidden]";
    }
}

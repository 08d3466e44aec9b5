package io.sonde.app.tokens;

import io.sonde.core.Scope;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A secret that lets its holder in: {@code sonde_<scope>_<256 random bits in base 62>_<CRC-32 of all before it>}.
 *
 * <p>The prefix lets scanners find leaked ones; the checksum tells a typing error from an unknown token without asking
 * anyone, and says nothing of the secret.
 */
public final class Token {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int SECRET_BITS = 256;
    private static final int SECRET_LENGTH = 43;
    private static final int ID_LENGTH = 12;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{" + ID_LENGTH + "}");
    private static final Pattern FORMAT =
            Pattern.compile("(sonde_(ingest|read|operate|admin)_[0-9A-Za-z]{" + SECRET_LENGTH + "})_([0-9a-f]{8})");

    private final String text;
    private final Scope scope;

    private Token(String text, Scope scope) {
        this.text = text;
        this.scope = scope;
    }

    public static Token generate(Scope scope, SecureRandom random) {
        String secret = base62(new BigInteger(SECRET_BITS, random));
        String unchecked = "sonde_" + scope.code() + "_" + secret;
        return new Token(unchecked + "_" + checksum(unchecked), scope);
    }

    /** Empty for what was never a token: wrong shape, or a checksum that does not fit. */
    public static Optional<Token> parse(String text) {
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches() || !checksum(parts.group(1)).equals(parts.group(3))) {
            return Optional.empty();
        }
        return Optional.of(new Token(text, Scope.valueOf(parts.group(2).toUpperCase(Locale.ROOT))));
    }

    /** Whether a text may be the id of a token; nothing else that one is called by looks like it. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** The secret itself: shown once, to whoever asked for it, and never logged. */
    public String text() {
        return text;
    }

    public Scope scope() {
        return scope;
    }

    /** Names the token without being it: the beginning of its hash, so that a leaked one is found in the list. */
    public String id() {
        return HexFormat.of().formatHex(sha256()).substring(0, ID_LENGTH);
    }

    /** What is stored of it. No slow hash: 256 random bits need none, and it would sit on the path of every request. */
    public byte[] sha256() {
        return Sha256.of(text);
    }

    @Override
    public String toString() {
        return "Token[" + scope.code() + " " + id() + "]";
    }

    private static String base62(BigInteger number) {
        char[] digits = new char[SECRET_LENGTH];
        BigInteger rest = number;
        for (int i = SECRET_LENGTH - 1; i >= 0; i--) {
            BigInteger[] division = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(division[1].intValue());
            rest = division[0];
        }
        return new String(digits);
    }

    private static String checksum(String unchecked) {
        var crc = new CRC32();
        crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

package io.sonde.notify;

import java.net.URI;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a receiver takes notifications over HTTP. Prints its host alone: whoever knows the rest may write there. */
record Address(URI uri) {
    /** Shorter parts of a path are words ({@code v2}), and no secrets. */
    private static final int SECRET_LENGTH = 8;

    Address {
        if (!isHttp(uri)) {
            throw new IllegalArgumentException("it must be like https://host/path");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("it must not hold a user or a password, which would not be sent");
        }
    }

    /** @throws IllegalArgumentException whose message does not repeat the text */
    static Address of(String text) {
        return new Address(parsed(text));
    }

    /** The text without what is secret here, as a whole or in part. */
    String hideIn(String text) {
        String rest = text;
        for (String secret : secrets().toList()) {
            rest = rest.replace(secret, Secret.HIDDEN);
        }
        return rest;
    }

    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    private Stream<String> secrets() {
        Stream<String> parts = Stream.of(uri.getRawPath(), uri.getPath(), uri.getRawQuery(), uri.getQuery())
                .flatMap(Address::withParts);
        return Stream.concat(Stream.of(uri.toString()), parts)
                .filter(part -> part.length() >= SECRET_LENGTH)
                .sorted(Comparator.comparingInt(String::length).reversed());
    }

    private static Stream<String> withParts(@Nullable String whole) {
        return whole == null ? Stream.of() : Stream.concat(Stream.of(whole), Stream.of(whole.split("[/&=]")));
    }

    private static boolean isHttp(URI uri) {
        return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }

    private static URI parsed(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            // Without its cause, which repeats the text.
            throw new IllegalArgumentException("it is no URL");
        }
    }
}

package io.sonde.core;

import java.util.Objects;

/**
 * The unit of sharding: a source holds the open windows of all its targets (those of its {@code bucket}).
 *
 * @param bucket hash(target) mod {@link Kind#buckets()}; 0 for most kinds
 */
public record SourceId(String tenant, String kind, String source, int bucket) {
    private static final char SEPARATOR = ':';

    public SourceId {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(source);
        if (tenant.isEmpty() || kind.isEmpty() || source.isEmpty() || bucket < 0) {
            throw new IllegalArgumentException("a source needs tenant, kind, source and a bucket from 0");
        }
    }

    public SeriesId series(String target) {
        return new SeriesId(tenant, kind, source, target);
    }

    /** {@code tenant:kind:bucket:source}, each part escaped so that {@link #parse} gives this back. */
    public String entityId() {
        StringBuilder id = new StringBuilder(tenant.length() + kind.length() + source.length() + 8);
        escape(tenant, id);
        id.append(SEPARATOR);
        escape(kind, id);
        id.append(SEPARATOR).append(bucket).append(SEPARATOR);
        escape(source, id);
        return id.toString();
    }

    /** @throws IllegalArgumentException when {@code entityId} was not made by {@link #entityId()} */
    public static SourceId parse(String entityId) {
        String[] parts = entityId.split(":", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an entity id: " + entityId);
        }
        return new SourceId(unescape(parts[0]), unescape(parts[1]), unescape(parts[3]), Integer.parseInt(parts[2]));
    }

    /** Escapes what has a meaning here, in a persistence id ({@code |}) or nowhere in PostgreSQL text (NUL). */
    private static void escape(String part, StringBuilder into) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c < ' ' || c == '%' || c == SEPARATOR || c == '|' || c == '/' || c == 0x7f) {
                into.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
            } else {
                into.append(c);
            }
        }
    }

    private static String unescape(String part) {
        if (part.indexOf('%') < 0) {
            return part;
        }
        StringBuilder plain = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                plain.append((char) Integer.parseInt(part, i + 1, i + 3, 16));
                i += 2;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}

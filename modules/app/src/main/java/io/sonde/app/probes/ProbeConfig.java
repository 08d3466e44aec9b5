package io.sonde.app.probes;

import io.sonde.probe.Assignment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What a probe is told to measure, as it is stored.
 *
 * @param clientId whom it is for, or {@link #DEFAULT}
 * @param json as {@link Assignment#json} has it
 * @param etag the same for the same text, at all times and on all nodes
 */
record ProbeConfig(String clientId, String json, String etag, Instant changedAt, String changedBy) {
    /** For those that have none of their own. */
    static final String DEFAULT = "default";

    private static final int ETAG_BYTES = 12;

    ProbeConfig {
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(json);
        Objects.requireNonNull(etag);
        Objects.requireNonNull(changedAt);
        Objects.requireNonNull(changedBy);
    }

    static ProbeConfig of(String clientId, Assignment assignment, Instant now, String by) {
        String json = assignment.json();
        return new ProbeConfig(clientId, json, etag(json), now, by);
    }

    /** {@code own} or {@code default}. */
    String of() {
        return of(clientId);
    }

    static String of(String clientId) {
        return clientId.equals(DEFAULT) ? DEFAULT : "own";
    }

    private static String etag(String json) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, ETAG_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package io.sonde.app.tokens;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a secret that lets its holder in. */
public interface Credential {
    /** Names it without being it. */
    String id();

    boolean isGoodAt(Instant now);

    /** To the minute, null before its first use. */
    @Nullable
    Instant lastUsedAt();
}

package io.sonde.views;

import java.util.Objects;

/**
 * The last closed window of each series of a tenant.
 *
 * @param sinceMs series with none that starts then or later are left out, epoch ms
 * @param limit series at most
 */
public record LastQuery(String tenant, String kind, long sinceMs, int limit) {
    public LastQuery {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
    }
}

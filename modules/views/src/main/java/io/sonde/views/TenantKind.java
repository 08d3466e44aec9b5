package io.sonde.views;

import java.util.Objects;

/** All series of one kind that a tenant has. */
record TenantKind(String tenant, String kind) {
    TenantKind {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(kind);
    }
}

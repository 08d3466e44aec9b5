package io.sonde.qoe;

/** Where a measurement can end; the order is that of {@link QoeKind}'s error stages and stored, so only append. */
public enum Stage {
    DNS,
    TCP,
    TLS,
    HTTP,
    THROUGHPUT
}

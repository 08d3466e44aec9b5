package io.sonde.qoe;

import io.sonde.core.Kind;
import io.sonde.core.Measure;
import java.util.List;
import java.util.stream.Stream;

/** The shape of network QoE. */
public final class QoeKind {
    static final int DNS = 0;
    static final int TCP = 1;
    static final int TLS = 2;
    static final int TTFB = 3;
    static final int THROUGHPUT = 4;
    /** Look-up to first byte: the sum of the stages before it, of each event that has one. */
    static final int TOTAL = 5;

    public static final Kind KIND = new Kind(
            "qoe",
            "client_id",
            List.of(
                    new Measure("dns", "ms", "dns.lookup.duration"),
                    new Measure("tcp", "ms", "sonde.tcp.connect.duration"),
                    new Measure("tls", "ms", "sonde.tls.handshake.duration"),
                    new Measure("ttfb", "ms", "http.client.request.duration"),
                    new Measure("throughput", "kbit/s", "sonde.throughput", true),
                    new Measure("total", "ms", "sonde.time_to_first_byte")),
            Stream.of(Stage.values()).map(Stage::name).toList(),
            1);

    private QoeKind() {}
}

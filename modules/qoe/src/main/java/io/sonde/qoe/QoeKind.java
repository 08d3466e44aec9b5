package io.sonde.qoe;

import io.sonde.core.Kind;
import io.sonde.core.Measure;
import java.util.List;
import java.util.stream.Stream;

/** The shape of network QoE. */
public final class QoeKind {
    public static final Kind KIND = new Kind(
            "qoe",
            "client_id",
            List.of(
                    new Measure("dns", "ms"),
                    new Measure("tcp", "ms"),
                    new Measure("tls", "ms"),
                    new Measure("ttfb", "ms"),
                    new Measure("throughput", "kbit/s")),
            Stream.of(Stage.values()).map(Stage::name).toList(),
            1);

    private QoeKind() {}
}

package io.sonde.query;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** What readers of the stream get of this node, all together. */
public final class StreamMetrics {
    final Gauge open;
    final CounterDataPoint sent;
    final CounterDataPoint skipped;

    public StreamMetrics(PrometheusRegistry registry) {
        open = Gauge.builder()
                .name("sonde_stream_open")
                .help("WebSockets that are open here.")
                .withoutExemplars()
                .register(registry);
        sent = counter("sonde_stream_messages_total", "Messages that were sent to readers of the stream.", registry);
        skipped = counter(
                "sonde_stream_skipped_total",
                "Messages that readers of the stream did not get, because they had not taken those before.",
                registry);
    }

    private static CounterDataPoint counter(String name, String help, PrometheusRegistry registry) {
        Counter counter =
                Counter.builder().name(name).help(help).withoutExemplars().register(registry);
        return counter.labelValues();
    }
}

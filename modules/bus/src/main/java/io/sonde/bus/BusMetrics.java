package io.sonde.bus;

import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** The stream between the edges and the windows, as its server told {@link StreamWatch} last; the same for all nodes. */
public final class BusMetrics {
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

    private final Gauge connected;
    private final Gauge messages;
    private final Gauge bytes;
    private final Gauge maxBytes;
    private final Gauge pending;
    private final Gauge ackPending;
    private final Gauge redelivered;
    private final Gauge deadLetters;
    private final Gauge deadLetterBytes;
    private final Histogram publishes;
    final Counter restarts;
    private volatile long seenNanos = System.nanoTime();

    public BusMetrics(PrometheusRegistry registry) {
        connected = gauge("sonde_bus_connected", "1 while this node is connected to NATS.", registry);
        messages = gauge("sonde_bus_stream_messages", "Batches in the stream: not recorded yet.", registry);
        bytes = gauge("sonde_bus_stream_bytes", "Bytes of the stream.", registry);
        maxBytes =
                gauge("sonde_bus_stream_max_bytes", "Bytes the stream may hold; a full one takes no more.", registry);
        pending = gauge("sonde_bus_consumer_pending", "Batches never delivered yet: the lag.", registry);
        ackPending = gauge("sonde_bus_consumer_ack_pending", "Batches delivered and not acknowledged.", registry);
        redelivered = gauge("sonde_bus_consumer_redelivered", "Of those, delivered more than once.", registry);
        deadLetters = gauge("sonde_bus_dead_letters", "Dead letters that wait for somebody.", registry);
        deadLetterBytes = gauge("sonde_bus_dead_letter_bytes", "Bytes of them.", registry);
        restarts = Counter.builder()
                .name("sonde_bus_consumer_restarts_total")
                .help("Times this node's consumption had stalled and was begun anew.")
                .withoutExemplars()
                .register(registry);
        publishes = Histogram.builder()
                .name("sonde_bus_publish_duration_seconds")
                .unit(Unit.SECONDS)
                .help("From sending a batch to the server's acknowledgement, also one that fails.")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .withoutExemplars()
                .register(registry);
        GaugeWithCallback.builder()
                .name("sonde_bus_sample_age_seconds")
                .unit(Unit.SECONDS)
                .help("How old the figures of the stream and its consumer are.")
                .callback(callback -> callback.call((System.nanoTime() - seenNanos) / 1e9))
                .register(registry);
    }

    /** For who has nobody to show them to. */
    static BusMetrics unseen() {
        return new BusMetrics(new PrometheusRegistry());
    }

    void connected(boolean is) {
        connected.set(is ? 1 : 0);
    }

    void published(long nanos) {
        publishes.observe(nanos / 1e9);
    }

    void seen(StreamInfo stream, ConsumerInfo consumer) {
        StreamState state = stream.getStreamState();
        messages.set((double) state.getMsgCount());
        bytes.set((double) state.getByteCount());
        maxBytes.set((double) stream.getConfiguration().getMaxBytes());
        pending.set((double) consumer.getNumPending());
        ackPending.set((double) consumer.getNumAckPending());
        redelivered.set((double) consumer.getRedelivered());
        seenNanos = System.nanoTime();
    }

    void seenDeadLetters(StreamInfo letters) {
        deadLetters.set((double) letters.getStreamState().getMsgCount());
        deadLetterBytes.set((double) letters.getStreamState().getByteCount());
    }

    private static Gauge gauge(String name, String help, PrometheusRegistry registry) {
        return Gauge.builder().name(name).help(help).withoutExemplars().register(registry);
    }
}

package io.sonde.app.node;

import com.typesafe.config.Config;
import io.nats.client.JetStreamApiException;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.app.metrics.NodeMetrics;
import io.sonde.bus.Bus;
import io.sonde.bus.BusMetrics;
import io.sonde.bus.DirectBus;
import io.sonde.bus.JetStreamBus;
import io.sonde.bus.JetStreamSettings;
import io.sonde.core.Signal;
import io.sonde.core.Tracing;
import io.sonde.core.UsualHours;
import io.sonde.core.WindowSubscriber;
import io.sonde.diagnosis.DiagnosisMetrics;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.diagnosis.ShardedDiagnosers;
import io.sonde.windows.ShardedWindows;
import io.sonde.windows.WindowsMetrics;
import io.sonde.windows.WindowsSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/** From a batch to its closed windows in the journal: bus, windows, diagnosers. */
record Engine(Bus bus, ShardedWindows windows, WindowSubscriber diagnosers) {
    /** One node's clock may be ahead of the database's and the other's behind. */
    private static final int BOTH_WAYS = 2;

    /**
     * @param clock when windows end
     * @param steady what the watermark follows, for what is sealed stays sealed: it is never ahead of the other nodes' by
     *     more than the clocks may differ
     */
    static Engine start(
            ActorSystem<?> system,
            List<Signal> signals,
            NodeSettings settings,
            Clock clock,
            Clock steady,
            Map<String, Supplier<Diagnostics>> diagnostics,
            UsualHours usualHours,
            Tracing tracing,
            NodeMetrics metrics)
            throws IOException, InterruptedException {
        PrometheusRegistry registry = metrics.registry();
        Config sonde = system.settings().config().getConfig("sonde");
        WindowsSettings windowsSettings = WindowsSettings.from(sonde);
        Bus bus =
                switch (settings.bus()) {
                    case DIRECT ->
                        new DirectBus(
                                steady,
                                windowsSettings
                                        .askTimeout()
                                        .plus(settings.clockDifference().multipliedBy(BOTH_WAYS)));
                    case JETSTREAM -> connect(JetStreamSettings.from(sonde), tracing, steady, metrics);
                };
        WindowSubscriber diagnosers =
                ShardedDiagnosers.init(system, diagnostics, usualHours, tracing, new DiagnosisMetrics(registry));
        ShardedWindows windows = ShardedWindows.init(
                system,
                signals.stream().map(Signal::kind).toList(),
                diagnosers,
                bus,
                tracing,
                clock,
                windowsSettings,
                new WindowsMetrics(registry, metrics.delays()::counted));
        int shards = system.settings().config().getInt("pekko.cluster.sharding.number-of-shards");
        bus.deliverTo(new ShardWatch(windows, shards, clock, metrics.counters()));
        return new Engine(bus, windows, diagnosers);
    }

    private static Bus connect(JetStreamSettings settings, Tracing tracing, Clock clock, NodeMetrics metrics)
            throws IOException, InterruptedException {
        try {
            return JetStreamBus.connect(
                    settings, tracing, clock, metrics.counters(), new BusMetrics(metrics.registry()));
        } catch (IOException | JetStreamApiException e) {
            throw new IOException(
                    "no JetStream at " + settings.url() + " (" + e.getMessage()
                            + "): start nats-server with -js, or set sonde.nats.url",
                    e);
        }
    }
}

package io.sonde.app.node;

import com.typesafe.config.Config;
import io.nats.client.JetStreamApiException;
import io.sonde.bus.Bus;
import io.sonde.bus.DirectBus;
import io.sonde.bus.JetStreamBus;
import io.sonde.bus.JetStreamSettings;
import io.sonde.core.Counters;
import io.sonde.core.Signal;
import io.sonde.core.Tracing;
import io.sonde.core.UsualHours;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.diagnosis.ShardedDiagnosers;
import io.sonde.windows.ShardedWindows;
import io.sonde.windows.WindowsSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/** From a batch to its closed windows in the journal: bus, windows, diagnosers. */
record Engine(Bus bus, ShardedWindows windows) {
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
            Counters counters)
            throws IOException, InterruptedException {
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
                    case JETSTREAM -> connect(JetStreamSettings.from(sonde), tracing, steady, counters);
                };
        ShardedWindows windows = ShardedWindows.init(
                system,
                signals.stream().map(Signal::kind).toList(),
                ShardedDiagnosers.init(system, diagnostics, usualHours, tracing),
                bus,
                tracing,
                clock,
                windowsSettings);
        int shards = system.settings().config().getInt("pekko.cluster.sharding.number-of-shards");
        bus.deliverTo(new ShardWatch(windows, shards, clock, counters));
        return new Engine(bus, windows);
    }

    private static Bus connect(JetStreamSettings settings, Tracing tracing, Clock clock, Counters counters)
            throws IOException, InterruptedException {
        try {
            return JetStreamBus.connect(settings, tracing, clock, counters);
        } catch (IOException | JetStreamApiException e) {
            throw new IOException(
                    "no JetStream at " + settings.url() + " (" + e.getMessage()
                            + "): start nats-server with -js, or set sonde.nats.url",
                    e);
        }
    }
}

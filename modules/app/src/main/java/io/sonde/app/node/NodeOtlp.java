package io.sonde.app.node;

import com.typesafe.config.Config;
import io.sonde.core.ClosedWindows;
import io.sonde.core.Counters;
import io.sonde.core.Kind;
import io.sonde.core.Tracing;
import io.sonde.otlp.OtlpTracing;
import io.sonde.otlp.TracingSettings;
import io.sonde.otlp.WindowGauges;
import io.sonde.otlp.WindowGaugesSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;

/** What this node sends over OTLP, if it is to: spans, and windows. What waits then is sent when the node stops. */
final class NodeOtlp {
    private final ActorSystem<?> system;
    private final Config sonde;
    private final Counters counters;
    private final Tracing tracing;

    NodeOtlp(ActorSystem<?> system, Counters counters) {
        this.system = system;
        this.sonde = system.settings().config().getConfig("sonde");
        this.counters = counters;
        this.tracing = start(TracingSettings.from(sonde));
    }

    /** One for all parts of the node. */
    Tracing tracing() {
        return tracing;
    }

    private Tracing start(TracingSettings settings) {
        if (!settings.isOn()) {
            return Tracing.OFF;
        }
        OtlpTracing started = OtlpTracing.start(settings, "sonde", instance(), counters);
        lastly("send-spans", started::close);
        return started;
    }

    /** To be told of windows that are projected. */
    Consumer<ClosedWindows> windows(List<Kind> kinds) {
        WindowGaugesSettings settings = WindowGaugesSettings.from(sonde);
        if (!settings.isOn()) {
            return windows -> {};
        }
        WindowGauges gauges = WindowGauges.start(settings, kinds, instance(), counters);
        lastly("send-windows", gauges::close);
        return gauges;
    }

    private String instance() {
        return Cluster.get(system).selfMember().address().hostPort();
    }

    private void lastly(String name, Runnable close) {
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), name, () -> {
            close.run();
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }
}

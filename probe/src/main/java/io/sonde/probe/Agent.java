package io.sonde.probe;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sonde.core.Counters;
import io.sonde.core.Tracing;
import io.sonde.otlp.OtlpTracing;
import io.sonde.otlp.TracingSettings;
import io.sonde.qoe.NetworkContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running probe: its actor system, its threads, and how both end. */
final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final Duration LAST_DELIVERY = Duration.ofSeconds(2);

    private final ActorSystem<ProbeAgent.Command> system;

    private Agent(ActorSystem<ProbeAgent.Command> system) {
        this.system = system;
    }

    /** Rehearses first, so that what is reported is the network's time and not a fresh JVM's. */
    static Agent start(AgentSettings settings, String clientId) throws GeneralSecurityException, IOException {
        Clock clock = Clock.systemUTC();
        var counters = new AgentCounters();
        var metrics = new ProbeMetrics(counters, counters::waiting);
        Optional<MetricsServer> shown = show(settings, metrics);
        EventQueue queue = queue(settings.upload().queue(), counters);
        var node = new NodeClient(settings.upload());
        Optional<NodeOrders> orders = settings.orders().map(asking -> orders(asking, settings, node, clientId));
        Plan plan = orders.map(NodeOrders::first).orElse(settings.plan());
        Rehearsal.hold(
                settings.measure().rehearsal(),
                plan.secure() || orders.isPresent(),
                settings.measure().trust());
        Supplier<NetworkContext> context =
                new CachedContext(clock, () -> NetworkDetection.LINUX.context(settings.place()));
        Optional<OtlpTracing> tracing = tracing(settings.tracing(), clientId);
        var traces = new MeasurementTraces(tracing, clock);
        var measurer = new Measurer(
                settings.measure().probe(clock), settings.threads(), clientId, context, traces, counters, metrics);
        var post = new EventPost(
                settings.upload(), node, tracing.map(Tracing.class::cast).orElse(Tracing.OFF), clock);
        var uplink = Uplink.create(post::send, queue, settings.upload(), new Origin(clientId), counters);
        var system =
                ActorSystem.create(ProbeAgent.create(plan, measurer, counters, uplink), "sonde-probe", ownConfig());
        LOG.info(
                "measuring {} targets every {} ms as {}; events go to {}",
                plan.targets().size(),
                plan.pace().interval().toMillis(),
                clientId,
                settings.upload().events());
        orders.ifPresent(all -> all.follow(young -> system.tell(new ProbeAgent.Follow(young))));
        var agent = new Agent(system);
        agent.endInOrder(measurer, orders, tracing, shown);
        return agent;
    }

    /**
     * Stops at the end of {@code parent}, a stream from the process that started this one: however that process ends, and
     * however early, the kernel closes it.
     */
    void stopWith(InputStream parent) {
        Thread watch = new Thread(
                () -> {
                    try {
                        parent.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException broken) {
                        LOG.debug("the stream from the parent is broken", broken);
                    }
                    LOG.info("the process that started this probe has ended, so the probe ends too");
                    stop();
                },
                "watch-parent");
        watch.setDaemon(true);
        watch.start();
    }

    /** Blocks until the agent is stopped. */
    void awaitEnd() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    void stop() {
        system.terminate();
    }

    private static Optional<MetricsServer> show(AgentSettings settings, ProbeMetrics metrics) throws IOException {
        if (settings.metrics().isEmpty()) {
            return Optional.empty();
        }
        MetricsServer server = MetricsServer.start(settings.metrics().get(), metrics.registry());
        LOG.info("metrics are at {}", settings.metrics().get());
        return Optional.of(server);
    }

    private static Optional<OtlpTracing> tracing(TracingSettings settings, String clientId) {
        return settings.isOn()
                ? Optional.of(OtlpTracing.start(settings, "sonde-probe", clientId, new Counters()))
                : Optional.empty();
    }

    private static NodeOrders orders(OrderSettings asking, AgentSettings settings, NodeClient node, String clientId) {
        var request = new OrderRequest(
                settings.upload().events(),
                node,
                clientId,
                ProbeMain.Version.number().orElse("unpackaged"));
        return new NodeOrders(request, KeptOrders.in(settings.home(), clientId), asking, settings.plan());
    }

    private static EventQueue queue(QueueSettings settings, AgentCounters counters) throws IOException {
        Spool spool = Spool.open(settings.folder(), settings.bytes(), counters::dropped);
        if (spool.waiting() > 0) {
            LOG.info("{} events of an earlier run wait in {}", spool.waiting(), settings.folder());
        }
        return new EventQueue(spool, counters);
    }

    /** No application.conf: on a node's class path it would be the node's, and the probe would join its cluster. */
    private static Config ownConfig() {
        return ConfigFactory.parseResources(Agent.class, "pekko.conf")
                .withFallback(ConfigFactory.defaultReference(Agent.class.getClassLoader()))
                .resolve();
    }

    private void endInOrder(
            Measurer measurer,
            Optional<NodeOrders> orders,
            Optional<OtlpTracing> tracing,
            Optional<MetricsServer> shown) {
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseServiceRequestsDone(), "deliver-what-was-seen", () -> {
                    orders.ifPresent(NodeOrders::close);
                    measurer.close();
                    CompletionStage<Done> delivered =
                            AskPattern.ask(system, ProbeAgent.Stop::new, LAST_DELIVERY, system.scheduler());
                    return delivered.exceptionally(late -> Done.getInstance());
                });
        CoordinatedShutdown.get(system)
                .addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "send-spans", () -> {
                    tracing.ifPresent(OtlpTracing::close);
                    shown.ifPresent(MetricsServer::close);
                    return CompletableFuture.completedFuture(Done.getInstance());
                });
    }
}

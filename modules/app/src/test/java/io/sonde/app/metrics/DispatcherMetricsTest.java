package io.sonde.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatcher;
import org.junit.jupiter.api.Test;

class DispatcherMetricsTest {
    private static final String NAME = "pekko.actor.default-blocking-io-dispatcher";
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void aDispatcherThatHasRestedIsSeenAtWorkAgain() {
        ActorSystem system = ActorSystem.create(
                "metrics",
                ConfigFactory.parseString(
                                """
                                pekko.actor.provider = local
                                pekko.actor.default-blocking-io-dispatcher.shutdown-timeout = 10 ms
                                pekko.projection.jdbc.blocking-jdbc-dispatcher.thread-pool-executor.fixed-pool-size = 1
                                """)
                        .withFallback(ConfigFactory.load()));
        try {
            PrometheusRegistry registry = new PrometheusRegistry();
            DispatcherMetrics.register(system, Map.of(), registry);
            Dispatcher dispatcher = (Dispatcher) system.dispatchers().lookup(NAME);
            var before = dispatcher.executorService();
            dispatcher.execute(() -> {});
            await("its rest").atMost(SOON).until(() -> before.isShutdown());

            CountDownLatch seen = new CountDownLatch(1);
            dispatcher.execute(() -> {
                try {
                    seen.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(active(registry)).isEqualTo(1));
            seen.countDown();
        } finally {
            system.terminate();
        }
    }

    private static double active(PrometheusRegistry registry) {
        return registry.scrape("sonde_dispatcher_threads"::equals).stream()
                .flatMap(found -> ((GaugeSnapshot) found).getDataPoints().stream())
                .filter(point -> NAME.contains(String.valueOf(point.getLabels().get("dispatcher")))
                        && "active".equals(point.getLabels().get("state")))
                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .sum();
    }
}

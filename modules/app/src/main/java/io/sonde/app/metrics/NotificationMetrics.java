package io.sonde.app.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.sonde.core.Channel;
import io.sonde.problems.Problem;
import io.sonde.problems.Telling;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Counts what each channel of the configuration took and did not take. */
public final class NotificationMetrics {
    private final Counter sent;
    private final Counter failed;

    NotificationMetrics(PrometheusRegistry registry) {
        sent = counter("sonde_notifications_sent_total", "Notifications that a channel has taken.", registry);
        failed = counter(
                "sonde_notifications_failed_total",
                "Notifications that a channel did not take, each attempt; they are sent again.",
                registry);
    }

    private static Counter counter(String name, String help, PrometheusRegistry registry) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("channel")
                .withoutExemplars()
                .register(registry);
    }

    /** @param names of the channels there are at the start */
    public Telling counted(Telling telling, Collection<String> names) {
        names.forEach(name -> {
            sent.initLabelValues(name);
            failed.initLabelValues(name);
        });
        return new Telling() {
            @Override
            public List<String> channels(Problem problem) {
                return telling.channels(problem);
            }

            @Override
            public Optional<Channel> channel(String name) {
                return telling.channel(name).map(channel -> counted(name, channel));
            }
        };
    }

    private Channel counted(String name, Channel channel) {
        return notification -> channel.send(notification)
                .whenComplete((answer, failure) ->
                        (failure == null ? sent : failed).labelValues(name).inc());
    }
}

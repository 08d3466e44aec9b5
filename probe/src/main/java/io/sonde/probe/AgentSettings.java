package io.sonde.probe;

import com.typesafe.config.Config;
import io.sonde.otlp.TracingSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the agent runs with.
 *
 * @param plan what its own settings say is measured
 * @param orders how it asks the node what is to be measured instead, if it does
 * @param home where the client id and the queue are kept
 * @param clientId empty for the one in {@code home}
 * @param place how the network context is found
 * @param metrics where they are served, if anywhere
 */
record AgentSettings(
        Plan plan,
        Optional<OrderSettings> orders,
        int threads,
        Path home,
        String clientId,
        Place place,
        UploadSettings upload,
        TracingSettings tracing,
        Optional<InetSocketAddress> metrics,
        MeasureSettings measure) {
    private static final int ID_LENGTH = 255;

    AgentSettings {
        Objects.requireNonNull(plan);
        Objects.requireNonNull(orders);
        Objects.requireNonNull(home);
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(place);
        Objects.requireNonNull(upload);
        Objects.requireNonNull(tracing);
        Objects.requireNonNull(metrics);
        Objects.requireNonNull(measure);
    }

    /** @param problems found before; all are reported together */
    static AgentSettings read(Config config, List<String> problems) throws WrongSettings {
        var reader = new SettingsReader(config, problems);
        Plan plan = Plan.read(reader, Reach.ANYWHERE);
        Optional<OrderSettings> orders = OrderSettings.read(reader);
        if (orders.isEmpty() && Plan.isEmpty(reader)) {
            problems.add(
                    "targets: nothing to measure; give --target URL or SONDE_PROBE_TARGETS, or --config-from-node");
        }
        int threads = reader.number("threads", 1, 256);
        Path home = home(reader);
        String clientId = reader.text("client-id", ID_LENGTH);
        Place place = place(reader);
        UploadSettings upload = UploadSettings.read(reader, home);
        TracingSettings tracing = tracing(reader);
        Optional<InetSocketAddress> metrics = metrics(reader);
        MeasureSettings measure = MeasureSettings.read(config, problems);
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
        return new AgentSettings(plan, orders, threads, home, clientId, place, upload, tracing, metrics, measure);
    }

    private static Path home(SettingsReader reader) {
        String home = reader.text("home", 4_096);
        return home.isEmpty() ? Path.of(System.getProperty("user.home"), ".sonde", "probe") : Path.of(home);
    }

    private static Optional<InetSocketAddress> metrics(SettingsReader reader) {
        int port = reader.number("metrics-port", 0, 65_535);
        String host = reader.text("metrics-host", ID_LENGTH);
        return port == 0 ? Optional.empty() : Optional.of(new InetSocketAddress(host, port));
    }

    private static TracingSettings tracing(SettingsReader reader) {
        Duration timeout = reader.duration("tracing.timeout", Duration.ofMillis(10), Duration.ofMinutes(1));
        double ratio = reader.read("tracing.ratio", "a number of 0 to 1", 0.0, key -> {
            double number = reader.config().getDouble(key);
            if (!(number >= 0 && number <= 1)) {
                throw new IllegalArgumentException();
            }
            return number;
        });
        return reader.read(
                "tracing.endpoint",
                "the URL of a collector, or empty",
                new TracingSettings("", 0, timeout),
                key -> new TracingSettings(reader.config().getString(key).strip(), ratio, timeout));
    }

    private static Place place(SettingsReader reader) {
        String type = reader.text("interface-type", 64);
        String vpn = reader.read("vpn", "true, false or auto", "auto", key -> {
            String text = reader.config().getString(key).strip();
            if (!List.of("true", "false", "auto").contains(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
        return new Place(
                type.equals("auto") ? null : type,
                vpn.equals("auto") ? null : Boolean.valueOf(vpn),
                reader.text("label", ID_LENGTH));
    }
}

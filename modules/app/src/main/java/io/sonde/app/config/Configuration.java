package io.sonde.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.sonde.app.metrics.MetricsSettings;
import io.sonde.app.node.NodeSettings;
import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.users.OidcSettings;
import io.sonde.app.users.SignInSettings;
import io.sonde.bus.JetStreamSettings;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.edge.EdgeSettings;
import io.sonde.edge.TlsFiles;
import io.sonde.notify.NotifySettings;
import io.sonde.otlp.TracingSettings;
import io.sonde.otlp.WindowGaugesSettings;
import io.sonde.problems.ProblemsSettings;
import io.sonde.qoe.QoeSignal;
import io.sonde.upkeep.UpkeepSettings;
import io.sonde.views.ViewsSettings;
import io.sonde.windows.WindowsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A node's whole configuration: what was set, over {@code node.conf}, over every module's {@code reference.conf}. System
 * properties go before all of them; environment variables are named in the file itself ({@code key = ${?SONDE_KEY}}).
 */
public final class Configuration {
    /** Every module's settings, read here once so that their complaints come together; a node's also one by one. */
    private static final List<Consumer<Config>> SETTINGS = List.of(
            whole -> NodeSettings.bus(whole.getString("sonde.bus")),
            whole -> NodeSettings.port(whole.getInt("sonde.http.port")),
            whole -> TlsFiles.from(whole.getConfig("sonde.http.tls")),
            whole -> NodeSettings.database(whole.getConfig("sonde.database")),
            whole -> NodeSettings.from(whole.getConfig("sonde")),
            whole -> SignInSettings.from(whole.getConfig("sonde")),
            whole -> OidcSettings.from(whole.getConfig("sonde")),
            whole -> MetricsSettings.from(whole.getConfig("sonde")),
            whole -> JetStreamSettings.from(whole.getConfig("sonde")),
            whole -> WindowsSettings.from(whole.getConfig("sonde")),
            whole -> Diagnostics.from(whole.getConfig("sonde.diagnosis"), new QoeSignal()),
            whole -> ProblemsSettings.from(whole.getConfig("sonde")),
            whole -> TracingSettings.from(whole.getConfig("sonde")),
            whole -> WindowGaugesSettings.from(whole.getConfig("sonde")),
            Configuration::requireAgreement,
            EdgeSettings::from,
            whole -> NotifySettings.from(whole.getConfig("sonde.notify")),
            ViewsSettings::of,
            UpkeepSettings::of);

    private Configuration() {}

    private static void requireAgreement(Config whole) {
        if (NodeSettings.bus(whole.getString("sonde.bus")) == NodeSettings.BusKind.JETSTREAM) {
            JetStreamSettings.from(whole.getConfig("sonde"))
                    .requireAgreement(
                            whole.getInt("sonde.edge.max-events"),
                            whole.getBytes("sonde.edge.max-body"),
                            WindowsSettings.from(whole.getConfig("sonde")).askTimeout(),
                            whole.getInt("sonde.journal-limits.bufferSize"));
        }
    }

    /** Reads a file. One {@link Problem} names everything that is wrong with it. */
    public static Config ofFile(Path file) {
        return ofFile(file, ConfigFactory.empty());
    }

    /** @param over goes before the file */
    static Config ofFile(Path file, Config over) {
        if (!Files.isReadable(file)) {
            throw new Problem(ExitCode.USAGE, "there is no readable configuration file " + file.toAbsolutePath());
        }
        try {
            return of(over.withFallback(ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))));
        } catch (ConfigException.Parse | ConfigException.IO e) {
            throw new Problem(ExitCode.USAGE, "the configuration cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a command sets by itself. */
    public static Config of(Map<String, ?> set) {
        return of(ConfigFactory.parseMap(set, "the command line"));
    }

    /** {@code unresolved} over the defaults, checked. It may refer to itself and to the environment. */
    public static Config of(Config unresolved) {
        Config set = unresolved.resolve();
        Config node = ConfigFactory.parseResourcesAnySyntax("node");
        Config whole = ConfigFactory.load(set.withFallback(node));
        Config defaults =
                ConfigFactory.defaultReferenceUnresolved().withFallback(node).resolve();
        Set<String> wrong = new LinkedHashSet<>(SondeKeys.of(defaults).mistakesIn(set, whole));
        boolean typesAreRight = wrong.isEmpty();
        for (Consumer<Config> settings : SETTINGS) {
            try {
                settings.accept(whole);
            } catch (IllegalArgumentException e) {
                String.valueOf(e.getMessage()).lines().forEach(wrong::add);
            } catch (ConfigException e) {
                // Of a wrong type, which is told already, with the line it stands in.
                if (typesAreRight) {
                    wrong.add(String.valueOf(e.getMessage()));
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw new Problem(ExitCode.USAGE, describe(List.copyOf(wrong)));
        }
        return whole;
    }

    private static String describe(List<String> wrong) {
        return wrong.size() == 1
                ? "wrong configuration: " + wrong.get(0)
                : "wrong configuration, " + wrong.size() + " mistakes:\n  " + String.join("\n  ", wrong);
    }
}

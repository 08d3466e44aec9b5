package io.sonde.app.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.sonde.app.settings.Adjustable;
import io.sonde.app.settings.SetThreshold;
import io.sonde.app.settings.ThresholdTable;
import io.sonde.core.Channel;
import io.sonde.core.Signal;
import io.sonde.core.Unavailable;
import io.sonde.diagnosis.Diagnostics;
import io.sonde.notify.NotifySettings;
import io.sonde.notify.Routes;
import io.sonde.problems.Problem;
import io.sonde.problems.Telling;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may change while a node runs: how windows are judged, and who is told of what. A file with a mistake changes
 * nothing. Thresholds that were set for all nodes go before the node's file; where the two together are a mistake, what held
 * before goes on.
 */
final class LiveSettings implements Telling, Adjustable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final List<String> LIVE = List.of("sonde.diagnosis", "sonde.notify");
    /** What holds no secret. */
    private static final String OPEN = "sonde.diagnosis";
    /** Journals, which are wired once. */
    private static final List<String> FIXED = List.of("sonde.diagnosis.journal", "sonde.diagnosis.snapshot");

    private record Settings(
            Config config, Map<String, Diagnostics> rules, Routes routes, Map<String, Channel> channels) {
        static Settings of(Config config, List<Signal> signals, Clock clock) {
            Map<String, Diagnostics> rules = new HashMap<>();
            for (Signal signal : signals) {
                rules.put(signal.kind().name(), Diagnostics.from(config.getConfig("sonde.diagnosis"), signal));
            }
            NotifySettings notify = NotifySettings.from(config.getConfig("sonde.notify"));
            return new Settings(config, rules, notify.routes(), notify.open(clock));
        }
    }

    /**
     * A setting that is another now.
     *
     * @param before null when it was not set, or may be a secret
     * @param after likewise
     */
    record Change(String key, @Nullable String before, @Nullable String after) {}

    /** Remembers what has changed. */
    @FunctionalInterface
    interface Record {
        void of(List<Change> changes);
    }

    private final Supplier<Optional<Config>> changed;
    private final List<Signal> signals;
    private final Clock clock;
    private final Record record;
    private final Supplier<List<SetThreshold>> thresholds;
    private volatile Settings now;
    private volatile Config file;
    private String refused = "";

    /** @param thresholds that were set for all nodes */
    LiveSettings(
            Config config,
            Supplier<Optional<Config>> changed,
            Supplier<List<SetThreshold>> thresholds,
            List<Signal> signals,
            Clock clock,
            Record record) {
        this.changed = changed;
        this.thresholds = thresholds;
        this.file = config;
        this.signals = List.copyOf(signals);
        this.clock = clock;
        this.record = record;
        this.now = Settings.of(config, signals, clock);
    }

    /** Looks every few seconds from now on. */
    static LiveSettings start(
            ActorSystem<?> system, Supplier<Optional<Config>> changed, List<Signal> signals, Jdbc jdbc, Clock clock) {
        var live = new LiveSettings(
                system.settings().config(),
                changed,
                new ThresholdTable(jdbc.views())::all,
                signals,
                clock,
                SettingChangeTable.of(system, jdbc, clock));
        live.look();
        var unused = system.scheduler()
                .scheduleWithFixedDelay(
                        LOOK_EVERY, LOOK_EVERY, () -> jdbc.blocking().execute(live::look), system.executionContext());
        return live;
    }

    /** By the name of the kind. */
    Map<String, Supplier<Diagnostics>> diagnostics() {
        Map<String, Supplier<Diagnostics>> rules = new HashMap<>();
        now.rules()
                .keySet()
                .forEach(kind ->
                        rules.put(kind, () -> Objects.requireNonNull(now.rules().get(kind))));
        return rules;
    }

    /** Of the channels there are now. */
    Set<String> channelNames() {
        return Set.copyOf(now.channels().keySet());
    }

    @Override
    public List<String> channels(Problem problem) {
        return now.routes()
                .channelsOf(problem.tenant(), problem.kind(), problem.label(), problem.source(), problem.target());
    }

    @Override
    public Optional<Channel> channel(String name) {
        return Optional.ofNullable(now.channels().get(name));
    }

    @Override
    public Config effective() {
        return now.config();
    }

    @Override
    public Config with(List<SetThreshold> wanted) {
        return Settings.of(SetThreshold.over(file, wanted), signals, clock).config();
    }

    /** Takes over what has changed in the file, and for all nodes, since it was last looked at. */
    @Override
    public synchronized void look() {
        String why = mistake(() -> changed.get().ifPresent(young -> file = young));
        String also = mistake(() -> take(SetThreshold.over(file, thresholds.get())));
        String all = why.isEmpty() ? also : why;
        if (!all.isEmpty() && !all.equals(refused)) {
            LOG.warn("the changed configuration is not taken over: {}", all);
        }
        refused = all;
    }

    /** Empty when there is none, or when it cannot be known now. */
    private static String mistake(Runnable taking) {
        try {
            taking.run();
            return "";
        } catch (Unavailable e) {
            LOG.debug("thresholds for all nodes cannot be asked for now: {}", e.getMessage());
            return "";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void take(Config young) {
        List<Change> changes = changes(now.config(), young);
        if (changes.isEmpty()) {
            return;
        }
        now = Settings.of(young, signals, clock);
        changes.forEach(change ->
                LOG.info("{} has changed{}", change.key(), change.after() == null ? "" : ", it is " + change.after()));
        record.of(changes);
    }

    private static List<Change> changes(Config before, Config after) {
        Map<String, ConfigValue> old = live(before);
        Map<String, ConfigValue> young = live(after);
        TreeSet<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(young.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(old.get(key), young.get(key)))
                .map(key -> new Change(key, shown(key, old.get(key)), shown(key, young.get(key))))
                .toList();
    }

    private static Map<String, ConfigValue> live(Config config) {
        Map<String, ConfigValue> live = new TreeMap<>();
        for (String part : LIVE) {
            config.getConfig(part).entrySet().forEach(entry -> live.put(part + "." + entry.getKey(), entry.getValue()));
        }
        live.keySet().removeIf(key -> FIXED.stream().anyMatch(fixed -> key.startsWith(fixed + ".")));
        return live;
    }

    private static @Nullable String shown(String key, @Nullable ConfigValue value) {
        return value == null || !key.startsWith(OPEN) ? null : value.render(ConfigRenderOptions.concise());
    }
}

package io.sonde.probe;

import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is measured, how often, and how far away it may be.
 *
 * @param targets each once
 */
record Plan(List<Target> targets, Pace pace, Breaker breaker, Reach reach) {
    private static final Duration DAY = Duration.ofHours(24);
    private static final int MOST_NAMED = 10;

    Plan {
        targets = List.copyOf(targets);
        Objects.requireNonNull(pace);
        Objects.requireNonNull(breaker);
        Objects.requireNonNull(reach);
    }

    /** What is wrong is added to the reader's problems. No targets are none of them: whoever needs some says so. */
    static Plan read(SettingsReader reader, Reach reach) {
        List<Target> targets = targets(reader);
        Pace pace = pace(reader);
        return new Plan(targets, pace, breaker(reader, pace.interval()), reach);
    }

    Schedule schedule() {
        return new Schedule(pace, targets.size());
    }

    boolean secure() {
        return targets.stream().anyMatch(target -> target.url().secure());
    }

    /** What is other than before, in words. */
    String differenceFrom(Plan before) {
        List<String> differences = new ArrayList<>();
        differences.add(targets.size() + " targets every " + pace.interval().toMillis() + " ms");
        listed("new", targets, before.targets).ifPresent(differences::add);
        listed("no more", before.targets, targets).ifPresent(differences::add);
        if (!pace.equals(before.pace)) {
            differences.add("before every " + before.pace.interval().toMillis() + " ms");
        }
        return String.join("; ", differences);
    }

    private static Optional<String> listed(String what, List<Target> some, List<Target> without) {
        Set<Target> known = Set.copyOf(without);
        List<String> names = some.stream()
                .filter(target -> !known.contains(target))
                .map(target -> target.url().text())
                .toList();
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " others" : "";
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(what + ": " + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + more);
    }

    private static List<Target> targets(SettingsReader reader) {
        List<Target> targets = reader.read(
                "targets", "a list of URLs", List.<Target>of(), key -> reader.config().getStringList(key).stream()
                        .map(Target::parse)
                        .toList());
        Set<String> names = new HashSet<>();
        targets.stream()
                .map(target -> target.url().text())
                .filter(name -> !names.add(name))
                .findFirst()
                .ifPresent(twice -> reader.problems().add("targets: each target once; '" + twice + "' is named twice"));
        return targets;
    }

    /** Whether a list of targets was given that is none. */
    static boolean isEmpty(SettingsReader reader) {
        try {
            return reader.config().getList("targets").isEmpty();
        } catch (ConfigException.WrongType toldAlready) {
            return false;
        }
    }

    private static Pace pace(SettingsReader reader) {
        Duration interval = reader.duration("interval", Duration.ofMillis(100), DAY);
        return new Pace(
                interval,
                reader.duration("stagger", Duration.ZERO, Duration.ofHours(1)),
                reader.duration("jitter", Duration.ZERO, Duration.ofHours(1)),
                reader.durationOrOff("throughput-interval", Duration.ofSeconds(1), DAY)
                        .orElse(null));
    }

    private static Breaker breaker(SettingsReader reader, Duration interval) {
        int patience = reader.number("breaker.failures", 1, 1_000_000);
        Duration longest = reader.duration("breaker.max-interval", Duration.ofMillis(100), DAY);
        return new Breaker(patience, (int) Math.max(1, longest.toMillis() / interval.toMillis()));
    }
}

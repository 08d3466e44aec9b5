package io.sonde.diagnosis;

import com.typesafe.config.Config;
import io.sonde.core.Glob;
import io.sonde.core.RulePack;
import io.sonde.core.Signal;
import io.sonde.core.Thresholds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the windows of one signal are judged: those of most targets, and of some otherwise. */
public final class Diagnostics {
    /** What holds for one target. */
    record Profile(RulePack rules, DiagnosisSettings settings) {}

    private record Special(Glob target, Profile profile) {}

    private final List<Special> specials;
    private final Profile usual;

    private Diagnostics(List<Special> specials, Profile usual) {
        this.specials = List.copyOf(specials);
        this.usual = usual;
    }

    /**
     * @param diagnosis {@code sonde.diagnosis}
     * @throws IllegalArgumentException that names the key, and what is expected
     */
    public static Diagnostics from(Config diagnosis, Signal signal) {
        Config forAll = diagnosis.withoutPath("targets");
        List<Special> specials = new ArrayList<>();
        for (Config some : diagnosis.getConfigList("targets")) {
            specials.add(special(some, forAll, signal));
        }
        return new Diagnostics(specials, profile(forAll, signal));
    }

    Profile of(String target) {
        for (Special special : specials) {
            if (special.target().matches(target)) {
                return special.profile();
            }
        }
        return usual;
    }

    private static Special special(Config some, Config forAll, Signal signal) {
        if (!some.hasPath("target")) {
            throw new IllegalArgumentException(
                    "sonde.diagnosis.targets: an entry at " + some.origin().description() + " has no target");
        }
        Config set = some.withoutPath("target");
        set.entrySet().stream()
                .filter(entry -> !forAll.hasPath(entry.getKey()))
                .findFirst()
                .ifPresent(entry -> {
                    throw new IllegalArgumentException("sonde.diagnosis.targets: there is no key " + entry.getKey()
                            + " to set for a target alone ("
                            + entry.getValue().origin().description() + ")");
                });
        return new Special(new Glob(some.getString("target")), profile(set.withFallback(forAll), signal));
    }

    private static Profile profile(Config diagnosis, Signal signal) {
        String kind = signal.kind().name();
        return new Profile(
                signal.rules(thresholds(diagnosis.getConfig("rules." + kind))), DiagnosisSettings.from(diagnosis));
    }

    private static Thresholds thresholds(Config rules) {
        Map<String, Double> values = new HashMap<>();
        rules.entrySet().forEach(entry -> values.put(entry.getKey(), rules.getDouble(entry.getKey())));
        return new Thresholds(values);
    }
}

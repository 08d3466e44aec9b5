package io.sonde.core;

import java.util.Optional;

/** Judges a closed window; pure. */
@FunctionalInterface
public interface Rule {
    /** Empty when the rule has nothing to say of this window. */
    Optional<Verdict> judge(WindowAggregate window, Baselines usual);
}

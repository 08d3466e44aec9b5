package io.sonde.core;

import java.util.List;

/**
 * What is usual for a series. Lists are by {@link Quantile#index()}; what they do not reach to is not known.
 *
 * @param recent over its last healthy windows
 * @param sameHour over the same hour of the last seven days
 * @param spreads how far from its baseline a number lies on an ordinary minute: standard deviation of the difference of
 *     their natural logarithms
 */
public record Baselines(List<Norm> recent, List<Norm> sameHour, List<Double> spreads) {
    public static final Baselines NONE = new Baselines(List.of(), List.of(), List.of());

    public Baselines {
        recent = List.copyOf(recent);
        sameHour = List.copyOf(sameHour);
        spreads = List.copyOf(spreads);
    }

    public Norm recent(Quantile of) {
        return at(recent, of);
    }

    public Norm sameHour(Quantile of) {
        return at(sameHour, of);
    }

    /** 0 where it is not known. */
    public double spread(Quantile of) {
        return of.index() < spreads.size() ? spreads.get(of.index()) : 0;
    }

    private static Norm at(List<Norm> norms, Quantile of) {
        return of.index() < norms.size() ? norms.get(of.index()) : Norm.NONE;
    }
}

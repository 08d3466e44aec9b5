package io.sonde.bench;

import java.util.List;

/**
 * As fast as it goes.
 *
 * @param cpu nothing where it is not a line of the table
 */
record MaximumRow(int batch, Bar rate, List<Bar> cpu) implements Row {
    static final MaximumRow DIRECT_10 = new MaximumRow(10, Bar.DIRECT_10, List.of(Bar.DIRECT_10_CPU));
    static final MaximumRow JETSTREAM_10 = new MaximumRow(10, Bar.JETSTREAM_10, List.of(Bar.JETSTREAM_10_CPU));
    static final MaximumRow DIRECT_1 = new MaximumRow(1, Bar.DIRECT_1, List.of());

    @Override
    public String name() {
        return rate.row();
    }

    @Override
    public Figures measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(batch));
        List<Load.Phase> runs = plan.runs(load, Pace.CLOSED);
        Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
        Figures figures = new Figures().with(rate, Plan.spread(runs, Load.Phase::recordedPerSecond), truth);
        cpu.forEach(bar -> figures.with(bar, Plan.spread(runs, Load.Phase::cpuPerMillion), truth));
        return figures.note(name() + ": " + Report.cost(runs));
    }
}

package io.sonde.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * As fast as it goes.
 *
 * @param cpu nothing where it is not a line of the table
 */
record MaximumRow(int batch, Bar rate, List<Bar> cpu) implements Row {
    static final MaximumRow DIRECT_10 = new MaximumRow(10, Bar.DIRECT_10, List.of(Bar.DIRECT_10_CPU));
    static final MaximumRow DIRECT_1 = new MaximumRow(1, Bar.DIRECT_1, List.of());

    @Override
    public String name() {
        return rate.row();
    }

    @Override
    public Map<Bar, Measured> measure(SondeDeployment on, Plan plan) throws Exception {
        Load load = new Load(on, plan.shape(batch));
        load.run(Pace.CLOSED, plan.settle());
        List<Load.Phase> runs = new ArrayList<>();
        for (int run = 0; run < plan.runs(); run++) {
            runs.add(load.run(Pace.CLOSED, plan.seconds()));
        }
        Measured.Truth truth = Checked.await(on, load, plan.patience()).truth();
        Map<Bar, Measured> figures = new EnumMap<>(Bar.class);
        figures.put(rate, new Measured(Plan.spread(runs, Load.Phase::eventsPerSecond), truth));
        cpu.forEach(bar -> figures.put(bar, new Measured(Plan.spread(runs, Load.Phase::cpuPerMillion), truth)));
        return figures;
    }
}

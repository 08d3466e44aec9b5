package io.sonde.bench;

import java.util.Map;

/** One measurement on a deployment that runs and is warm; it makes one or several lines of the table. */
interface Row {
    String name();

    Map<Bar, Measured> measure(SondeDeployment on, Plan plan) throws Exception;
}

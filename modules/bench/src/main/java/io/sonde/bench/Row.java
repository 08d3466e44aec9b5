package io.sonde.bench;

/** One measurement on a deployment that runs and is warm; it makes one or several lines of the table. */
interface Row {
    String name();

    Figures measure(SondeDeployment on, Plan plan) throws Exception;
}

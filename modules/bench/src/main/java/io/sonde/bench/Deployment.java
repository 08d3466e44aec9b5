package io.sonde.bench;

import java.net.URI;
import java.util.List;

/** What is measured: servers that take events, and the processes they are. */
interface Deployment extends AutoCloseable {
    /** Where events go, in turn. */
    List<URI> urls();

    Dialect dialect();

    /** The generator is not among them. */
    List<ProcessCost> processes();

    @Override
    void close();

    default URI url() {
        return urls().get(0);
    }
}

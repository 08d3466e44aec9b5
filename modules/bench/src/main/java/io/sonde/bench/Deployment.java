package io.sonde.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** What is measured: servers that take events, and the processes they are. */
interface Deployment extends AutoCloseable {
    /** Where events go, in turn. */
    List<URI> urls();

    Dialect dialect();

    /** The generator is not among them. */
    List<ProcessCost> processes();

    /** Events that are in their windows so far, duplicates included; negative when nobody says. */
    default long recorded() throws IOException, InterruptedException {
        return -1;
    }

    @Override
    void close();

    default URI url() {
        return urls().get(0);
    }
}

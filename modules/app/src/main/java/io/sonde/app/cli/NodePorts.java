package io.sonde.app.cli;

import com.typesafe.config.Config;
import io.sonde.app.up.Ports;

/** The ports that a node listens on; a taken one is said before anything is started, by the key that names it. */
final class NodePorts {
    private static final String HTTP_HOST = "sonde.http.host";
    private static final String HTTP = "sonde.http.port";
    private static final String REMOTING = "pekko.remote.artery.canonical.port";
    private static final String MANAGEMENT = "pekko.management.http.port";

    private NodePorts() {}

    static void requireFree(Config whole) {
        Ports.requireFree(whole.getString(HTTP_HOST), HTTP_HOST, whole.getInt(HTTP), HTTP);
        requireFree(
                whole,
                set(whole, "pekko.remote.artery.bind.hostname", "pekko.remote.artery.canonical.hostname"),
                set(whole, "pekko.remote.artery.bind.port", REMOTING));
        if (whole.getBoolean("sonde.management")) {
            requireFree(
                    whole,
                    set(whole, "pekko.management.http.bind-hostname", "pekko.management.http.hostname"),
                    set(whole, "pekko.management.http.bind-port", MANAGEMENT));
        }
    }

    private static void requireFree(Config whole, String hostKey, String portKey) {
        String host = whole.getString(hostKey);
        // Such as <getHostAddress>: some address of this machine, as only the library knows.
        Ports.requireFree(host.startsWith("<") ? "0.0.0.0" : host, hostKey, whole.getInt(portKey), portKey);
    }

    /** The first key, or the second where the first is left empty. */
    private static String set(Config whole, String key, String unlessSet) {
        return whole.getString(key).isEmpty() ? unlessSet : key;
    }
}

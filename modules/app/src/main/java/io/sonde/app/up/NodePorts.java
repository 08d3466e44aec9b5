package io.sonde.app.up;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;

/** The ports that a node listens on; a taken one is said before anything is started, by the key that names it. */
public final class NodePorts {
    private static final String HTTP_HOST = "sonde.http.host";
    private static final String HTTP = "sonde.http.port";
    private static final String REMOTING = "pekko.remote.artery.canonical.port";
    private static final String MANAGEMENT = "pekko.management.http.port";

    private NodePorts() {}

    /** @param http whether it is the one for events and questions */
    public record Port(String host, String hostKey, int port, String key, boolean http) {}

    public static List<Port> of(Config whole) {
        List<Port> ports = new ArrayList<>();
        ports.add(new Port(whole.getString(HTTP_HOST), HTTP_HOST, whole.getInt(HTTP), HTTP, true));
        ports.add(port(
                whole,
                set(whole, "pekko.remote.artery.bind.hostname", "pekko.remote.artery.canonical.hostname"),
                set(whole, "pekko.remote.artery.bind.port", REMOTING)));
        if (whole.getBoolean("sonde.management")) {
            ports.add(port(
                    whole,
                    set(whole, "pekko.management.http.bind-hostname", "pekko.management.http.hostname"),
                    set(whole, "pekko.management.http.bind-port", MANAGEMENT)));
        }
        return ports;
    }

    public static void requireFree(Config whole) {
        of(whole).forEach(port -> Ports.requireFree(port.host(), port.hostKey(), port.port(), port.key()));
    }

    private static Port port(Config whole, String hostKey, String portKey) {
        String host = whole.getString(hostKey);
        // Such as <getHostAddress>: some address of this machine, as only the library knows.
        return new Port(host.startsWith("<") ? "0.0.0.0" : host, hostKey, whole.getInt(portKey), portKey, false);
    }

    /** The first key, or the second where the first is left empty. */
    private static String set(Config whole, String key, String unlessSet) {
        return whole.getString(key).isEmpty() ? unlessSet : key;
    }
}

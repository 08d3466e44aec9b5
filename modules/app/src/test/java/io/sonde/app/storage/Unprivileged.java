package io.sonde.app.storage;

import java.util.List;

/** What a command is begun with so that it is refused what its user may not do: root is refused nothing otherwise. */
public final class Unprivileged {
    public static final List<String> PREFIX = System.getProperty("user.name").equals("root")
            ? List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all")
            : List.of();

    private Unprivileged() {}
}

package io.sonde.testkit;

import java.io.IOException;

/** Signals that the JVM has no word for. */
final class Signals {
    private Signals() {}

    /** @param name as {@code kill} knows it, such as {@code STOP} */
    static void send(String name, Process to) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(to.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " " + to.pid() + " failed");
        }
    }
}

package io.sonde.app.up;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.target.TargetPorts;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Asks for ports before anything is started, so that a taken one is said at once and by the name of its setting. */
public final class Ports {
    private Ports() {}

    /** @param setting what to change when it is not free: a flag or a configuration key */
    public static void requireFree(String host, int port, String setting) {
        requireFree(host, setting, port, setting);
    }

    /**
     * @param hostSetting what to change when this machine has no such host
     * @param setting what to change when the port is not free
     */
    public static void requireFree(String host, String hostSetting, int port, String setting) {
        if (port < 0 || port > 65_535) {
            throw new Problem(ExitCode.USAGE, setting + " is to be 0 to 65535, and is " + port);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new Problem(ExitCode.USAGE, "there is no host " + host + " to listen on; see " + hostSetting);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (BindException e) {
            boolean notOurs = String.valueOf(e.getMessage()).contains("requested address");
            throw new Problem(
                    notOurs ? ExitCode.USAGE : code(e),
                    "cannot listen on " + host + ":" + port + " (" + e.getMessage() + "); "
                            + (notOurs
                                    ? "choose an address of this machine with " + hostSetting
                                    : "free it, or choose another with " + setting),
                    e);
        } catch (IOException e) {
            throw new Problem(ExitCode.FAILED, "cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    static void requireApart(int http, TargetPorts target) {
        if (http != 0 && (http == target.http() || http == target.tls() || http == target.expiredTls())) {
            throw new Problem(
                    ExitCode.USAGE,
                    "--http-port " + http + " is also one of the test target's three ports (" + target.http() + ", "
                            + target.tls() + ", " + target.expiredTls()
                            + "); choose another, or another --target-port");
        }
    }

    /** The test target's three. */
    public static TargetPorts target(int port, String flag) {
        try {
            return TargetPorts.beside(port);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, flag + " " + port + ": " + e.getMessage(), e);
        }
    }

    private static ExitCode code(BindException failure) {
        return String.valueOf(failure.getMessage()).contains("Permission") ? ExitCode.DENIED : ExitCode.IN_USE;
    }
}

package io.sonde.target;

/** Where the test target listens; 0 means any free port. */
public record TargetPorts(int http, int tls, int expiredTls) {
    public static final TargetPorts ANY_FREE = new TargetPorts(0, 0, 0);

    public TargetPorts {
        check(http);
        check(tls);
        check(expiredTls);
    }

    /** {@code port} and those people know it by: TLS at 8443 and 8444 beside 8080, elsewhere the next two above. */
    public static TargetPorts beside(int port) {
        if (port == 0) {
            return ANY_FREE;
        }
        return port == 8080 ? new TargetPorts(8080, 8443, 8444) : new TargetPorts(port, port + 1, port + 2);
    }

    private static void check(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, 0 meaning any free one: " + port);
        }
    }
}

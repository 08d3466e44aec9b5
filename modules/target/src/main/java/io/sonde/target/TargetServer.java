package io.sonde.target;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * The test target: the paths of {@link Paths} over plain HTTP, over TLS with a generated certificate, and over TLS with an
 * expired one. It sees no third party and is there to be measured; bind it to loopback unless others must reach it. What
 * {@link Admin} says of delays holds at all three ports.
 */
public final class TargetServer implements AutoCloseable {
    private final TargetCertificates certificates;
    private final List<Listener> listeners;

    private TargetServer(TargetCertificates certificates, List<Listener> listeners) {
        this.certificates = certificates;
        this.listeners = List.copyOf(listeners);
    }

    /** On loopback, for this machine alone. */
    public static TargetServer start(TargetPorts ports, Path certificateFolder) throws IOException {
        return start(InetAddress.getLoopbackAddress(), ports, certificateFolder);
    }

    /**
     * Returns when all three ports listen.
     *
     * @param certificateFolder created when absent; keeps the certificates across restarts, see {@link #authority()}
     * @throws IOException naming the port that is in use, or the folder that cannot be written
     */
    public static TargetServer start(InetAddress bind, TargetPorts ports, Path certificateFolder) throws IOException {
        TargetCertificates certificates = TargetCertificates.in(certificateFolder);
        Admin admin = new Admin();
        Listener.Layer valid = tls(certificates.valid(), admin);
        Listener.Layer expired = tls(certificates.expired(), admin);
        List<Listener> listeners = new ArrayList<>();
        try {
            listeners.add(Listener.open("http", bind, ports.http(), socket -> socket, admin));
            listeners.add(Listener.open("tls", bind, ports.tls(), valid, admin));
            listeners.add(Listener.open("expired", bind, ports.expiredTls(), expired, admin));
        } catch (IOException e) {
            listeners.forEach(Listener::close);
            throw e;
        }
        return new TargetServer(certificates, listeners);
    }

    /** The real ports, also where 0 was asked for. */
    public TargetPorts ports() {
        return new TargetPorts(
                listeners.get(0).port(),
                listeners.get(1).port(),
                listeners.get(2).port());
    }

    public int httpPort() {
        return ports().http();
    }

    public int tlsPort() {
        return ports().tls();
    }

    public int expiredTlsPort() {
        return ports().expiredTls();
    }

    /** PEM file of the authority that signed both certificates: what a client trusts to accept the valid one. */
    public Path authority() {
        return certificates.authority();
    }

    @Override
    public void close() {
        listeners.forEach(Listener::close);
    }

    private static Listener.Layer tls(SSLSocketFactory factory, Admin admin) {
        return socket -> {
            // The delay begins with the ClientHello: one before it would be over in part when the client's clock
            // starts.
            int first = socket.getInputStream().read();
            if (first < 0) {
                throw new EOFException("closed before a handshake");
            }
            Thread.sleep(admin.delays().tlsMs());
            var consumed = new ByteArrayInputStream(new byte[] {(byte) first});
            SSLSocket secured = (SSLSocket) factory.createSocket(socket, consumed, true);
            secured.startHandshake();
            return secured;
        };
    }
}

package io.sonde.app.doctor;

import io.sonde.app.problem.ExitCode;
import io.sonde.app.problem.Problem;
import io.sonde.app.up.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Whether a port can be listened on, or is taken by a node of ours. */
final class PortsCheck {
    private static final int PATIENCE_MS = 2_000;
    private static final int ENOUGH = 4_096;

    private PortsCheck() {}

    /**
     * @param setting what names the port
     * @param https how a node of ours speaks there
     */
    static Finding http(String host, int port, String setting, boolean https) {
        return port(host, port, setting, answers(host, port, https, "/healthz", "alive"), "a node answers there");
    }

    /** @param ours whether a node of ours runs: what it listens on tells nobody who it is */
    static Finding port(String host, int port, String setting, boolean ours, String whoseWords) {
        String check = "port " + port;
        try {
            Ports.requireFree(host, port, setting);
            return Finding.ok(check, "free (" + setting + ")");
        } catch (Problem taken) {
            if (taken.exitCode() == ExitCode.IN_USE && ours) {
                return Finding.ok(check, whoseWords + " (" + setting + ")");
            }
            return Finding.error(
                    check,
                    String.valueOf(taken.getMessage()),
                    "ss -ltnp 'sport = :" + port + "' names who has it; end that, or change " + setting);
        }
    }

    /** By a request of our own: a certificate may be of any authority and name here. */
    static boolean answers(String host, int port, boolean https, String path, String word) {
        try (Socket socket = https ? trusting().getSocketFactory().createSocket() : new Socket()) {
            InetAddress address = InetAddress.getByName(host);
            socket.connect(
                    new InetSocketAddress(
                            address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port),
                    PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(ENOUGH), StandardCharsets.US_ASCII);
            return answer.startsWith("HTTP/1.1 200") && answer.contains(word);
        } catch (IOException | GeneralSecurityException nobody) {
            return false;
        }
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
    }

    /** Nothing secret is said or believed: only whether a node of ours has the port. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}

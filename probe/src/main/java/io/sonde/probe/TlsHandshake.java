package io.sonde.probe;

import io.sonde.qoe.Stage;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * The TLS stage: one full handshake, never a resumed one, with the name checked (RFC 9110 §4.3.4); from the first byte of
 * the ClientHello written to the handshake finished.
 */
record TlsHandshake(Trust trust, Deadlines deadlines, Duration limit) {

    Timed<Socket> over(StampedSocket socket, TargetUrl url) throws StageFailed {
        try {
            SSLSocket secured = prepare(socket, url);
            return deadlines.within(limit, socket, () -> {
                secured.startHandshake();
                return Timed.since(socket.firstWriteNanos(), secured);
            });
        } catch (IOException e) {
            throw StageFailed.of(Stage.TLS, e);
        }
    }

    private SSLSocket prepare(Socket socket, TargetUrl url) throws IOException {
        SSLSocket secured =
                (SSLSocket) freshContext().getSocketFactory().createSocket(socket, url.host(), url.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        if (!Names.isLiteral(url.host())) {
            parameters.setServerNames(serverNames(url.host()));
        }
        secured.setSSLParameters(parameters);
        return secured;
    }

    /** A context remembers sessions, and a resumed handshake is another, shorter thing. */
    private SSLContext freshContext() throws SSLException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("this Java has no TLS", e);
        }
    }

    private static List<SNIServerName> serverNames(String host) {
        try {
            return List.of(new SNIHostName(host));
        } catch (IllegalArgumentException notAHostName) {
            return List.of();
        }
    }
}

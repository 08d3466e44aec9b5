package io.sonde.probe;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.hosts.HostsFileParser;

/** What a {@link Rehearsal} measures: a one-page server and a resolver that knows one address, both on loopback. */
final class RehearsalStage implements AutoCloseable {
    private static final String HOST = "rehearsal.sonde.test";
    private static final char[] NO_PASSWORD = {};
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nServer: rehearsal\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 32768\r\n\r\n" + "x".repeat(32_768))
            .getBytes(StandardCharsets.US_ASCII);

    private static final StageLimits LIMITS = new StageLimits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private final ServerSocket server;
    private final DatagramSocket resolver;
    private final boolean secure;
    private final Trust trust;

    private RehearsalStage(ServerSocket server, DatagramSocket resolver, boolean secure, Trust trust) {
        this.server = server;
        this.resolver = resolver;
        this.secure = secure;
        this.trust = trust;
    }

    /** @param trust what is trusted later; its authorities are part of what has to get warm */
    static RehearsalStage open(boolean secure, Trust trust) throws IOException, GeneralSecurityException {
        Instant now = Instant.now();
        ThrowawayCertificate authority = ThrowawayCertificate.authority(
                "rehearsal", now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));
        var stage = new RehearsalStage(
                new ServerSocket(0, 10, InetAddress.getLoopbackAddress()),
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                secure,
                secure ? trust.and(authority.certificate()) : trust);
        Optional<SSLSocketFactory> tls = secure ? Optional.of(tls(authority.issue(HOST))) : Optional.empty();
        play("server", () -> stage.answer(tls));
        play("resolver", stage::resolve);
        return stage;
    }

    TargetUrl url() {
        return TargetUrl.parse((secure ? "https" : "http") + "://" + HOST + ":" + server.getLocalPort());
    }

    /** Its hosts file is none, so that the name is looked up. */
    HttpProbe probe() {
        var dns = new DnsClient(
                List.of((InetSocketAddress) resolver.getLocalSocketAddress()), List.of(), 1, LIMITS.dns());
        return new HttpProbe(
                Clock.systemUTC(), new Names(new HostsFileParser(Path.of("/nonexistent")), dns), trust, LIMITS);
    }

    @Override
    public void close() {
        Deadlines.closeQuietly(server);
        resolver.close();
    }

    private void answer(Optional<SSLSocketFactory> tls) throws IOException {
        while (!server.isClosed()) {
            try (Socket raw = server.accept()) {
                Socket socket = tls.isPresent() ? secured(tls.get(), raw) : raw;
                if (socket.getInputStream().read(new byte[1024]) > 0) {
                    socket.getOutputStream().write(ANSWER);
                }
            }
        }
    }

    private static Socket secured(SSLSocketFactory tls, Socket raw) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(raw, null, raw.getPort(), false);
        socket.setUseClientMode(false);
        return socket;
    }

    private void resolve() throws IOException {
        while (!resolver.isClosed()) {
            var packet = new DatagramPacket(new byte[1500], 1500);
            resolver.receive(packet);
            Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            var answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(query.getQuestion(), Section.QUESTION);
            answer.addRecord(
                    new ARecord(query.getQuestion().getName(), DClass.IN, 0, server.getInetAddress()), Section.ANSWER);
            byte[] wire = answer.toWire();
            resolver.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
        }
    }

    private static SSLSocketFactory tls(ThrowawayCertificate certificate) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("rehearsal", certificate.key(), NO_PASSWORD, new Certificate[] {certificate.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getSocketFactory();
    }

    private interface Part {
        void run() throws IOException;
    }

    private static void play(String name, Part part) {
        var thread = new Thread(
                () -> {
                    try {
                        part.run();
                    } catch (IOException over) {
                        // The rehearsal is over.
                    }
                },
                "sonde-probe-rehearsal-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}

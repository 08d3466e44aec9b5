package io.sonde.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the HTTP port shows, read again when its files change: new connections see the new one, those that
 * are open keep theirs. While the files do not fit together, as they do for a moment when they are replaced, the last good
 * pair goes on.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final TlsFiles files;
    private final Clock clock;
    private volatile Loaded loaded;
    private String lastComplaint = "";

    @SuppressWarnings("ArrayRecordComponent") // compared by content, below
    private record Pair(byte[] certificate, byte[] key) {
        boolean isSameAs(Pair other) {
            return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
        }
    }

    private record Loaded(Pair pair, SSLContext context) {}

    private ServerTls(TlsFiles files, Clock clock) throws UnusableCertificate {
        this.files = files;
        this.clock = clock;
        this.loaded = load(read());
    }

    /** @param files both set */
    public static ServerTls open(TlsFiles files, Clock clock) throws UnusableCertificate {
        return new ServerTls(files, clock);
    }

    /** For one connection: TLS 1.3 or 1.2, the server's side. */
    SSLEngine engine() {
        SSLEngine engine = loaded.context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    /** Takes what the files hold if it has changed and is right; warns once of what is not. */
    synchronized void refresh() {
        try {
            Pair now = read();
            if (!now.isSameAs(loaded.pair())) {
                loaded = load(now);
            }
            lastComplaint = "";
        } catch (UnusableCertificate e) {
            if (!lastComplaint.equals(e.getMessage())) {
                lastComplaint = String.valueOf(e.getMessage());
                LOG.warn("https goes on with the former certificate: {}", lastComplaint);
            }
        }
    }

    private Loaded load(Pair pair) throws UnusableCertificate {
        ServerIdentity identity = ServerIdentity.of(files, pair.certificate(), pair.key());
        Instant until = identity.validUntil();
        if (identity.isValidAt(clock.instant())) {
            LOG.info("https with the certificate of {}, valid until {}", files.certificate(), until);
        } else {
            LOG.warn(
                    "the certificate of {} is not valid now (until {}); clients will refuse it",
                    files.certificate(),
                    until);
        }
        try {
            return new Loaded(pair, identity.context());
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableCertificate(
                    "the certificate of " + files.certificate() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Pair read() throws UnusableCertificate {
        return new Pair(
                read("sonde.http.tls.certificate", files.certificate()), read("sonde.http.tls.key", files.key()));
    }

    private static byte[] read(String setting, String file) throws UnusableCertificate {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new UnusableCertificate("there is no file " + file + "; see " + setting, e);
        } catch (IOException e) {
            throw new UnusableCertificate(file + " cannot be read (" + e.getMessage() + "); see " + setting, e);
        }
    }
}

package io.sonde.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/**
 * The certificates of the test target, kept as PEM in a folder: {@code ca.pem} for clients to trust, {@code valid.pem} and
 * {@code expired.pem} with their keys. The authority's own key is thrown away once it has signed the two.
 */
record TargetCertificates(Path authority, SSLSocketFactory valid, SSLSocketFactory expired) {
    private static final Duration LIFE = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1", "target.test");

    /**
     * Reads them, or makes new ones when there are none, one is broken, or the valid one has under 30 days left or lacks a
     * name.
     */
    static TargetCertificates in(Path folder) throws IOException {
        Instant now = Instant.now();
        try {
            if (!usable(folder, now)) {
                write(folder, now);
            }
            return new TargetCertificates(
                    folder.resolve("ca.pem"),
                    Identity.read(folder.resolve("valid.pem")).server(),
                    Identity.read(folder.resolve("expired.pem")).server());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make certificates for the test target in " + folder, e);
        } catch (IOException e) {
            throw new IOException(
                    "cannot keep the test target's certificates in " + folder + " (" + e.getMessage()
                            + "); make the folder writable or name another",
                    e);
        }
    }

    private static boolean usable(Path folder, Instant now) {
        try {
            X509Certificate valid = Identity.read(folder.resolve("valid.pem")).certificate();
            Identity.read(folder.resolve("expired.pem"));
            return Files.size(folder.resolve("ca.pem")) > 0
                    && valid.getNotAfter().toInstant().isAfter(now.plus(RENEW_BEFORE))
                    && valid.getSubjectAlternativeNames().size() == NAMES.size();
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    private static void write(Path folder, Instant now) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        Instant start = now.minus(Duration.ofDays(1));
        Identity authority = Identity.authority("Sonde test target", start, now.plus(LIFE));
        Identity.signedBy(authority, NAMES, start, now.plus(LIFE)).write(folder.resolve("valid.pem"));
        Identity.signedBy(authority, NAMES, now.minus(LIFE), start).write(folder.resolve("expired.pem"));
        authority.writeCertificate(folder.resolve("ca.pem"));
    }
}

package io.sonde.edge;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate for 127.0.0.1 that signed itself, with its key. */
record TestCertificate(X509Certificate certificate, KeyPair keys) {
    /** @param algorithm {@code RSA}, {@code EC} or {@code Ed25519} */
    static TestCertificate of(String algorithm) {
        return of(algorithm, Instant.now().plus(Duration.ofDays(1)));
    }

    static TestCertificate of(String algorithm, Instant until) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            KeyPair keys = generator.generateKeyPair();
            var name = new X500Name("CN=127.0.0.1");
            Date from = Date.from(until.minus(Duration.ofDays(2)));
            var builder = new JcaX509v3CertificateBuilder(
                    name, new BigInteger(64, new SecureRandom()), from, Date.from(until), name, keys.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
            String signature =
                    switch (algorithm) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> algorithm;
                    };
            return new TestCertificate(
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    builder.build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))),
                    keys);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String certificatePem() {
        return pem(certificate);
    }

    /** PKCS#8. */
    String keyPem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** PKCS#1 or SEC 1, as OpenSSL's older commands write it. */
    String traditionalKeyPem() {
        return pem(keys.getPrivate());
    }

    static String pem(Object object) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    TlsFiles write(Path folder) {
        replace(folder.resolve("certificate.pem"), certificatePem());
        replace(folder.resolve("key.pem"), keyPem());
        return files(folder);
    }

    static TlsFiles files(Path folder) {
        return new TlsFiles(
                folder.resolve("certificate.pem").toString(),
                folder.resolve("key.pem").toString());
    }

    static void replace(Path file, String text) {
        try {
            Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a client that trusts these alone. */
    static SSLContext trusting(TestCertificate... trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (TestCertificate one : trusted) {
                store.setCertificateEntry(one.certificate().getSerialNumber().toString(), one.certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

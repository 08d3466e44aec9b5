package io.sonde.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** A certificate, those between it and its authority, and its private key. */
record ServerIdentity(List<X509Certificate> chain, PrivateKey key) {
    private static final char[] NO_PASSWORD = {};

    ServerIdentity {
        chain = List.copyOf(chain);
    }

    static ServerIdentity of(TlsFiles names, byte[] certificate, byte[] key) throws UnusableCertificate {
        var identity = new ServerIdentity(chain(names.certificate(), certificate), key(names.key(), key));
        if (!identity.belongTogether()) {
            throw new UnusableCertificate(
                    "the key in " + names.key() + " is not that of the first certificate in " + names.certificate(),
                    null);
        }
        return identity;
    }

    boolean isValidAt(Instant now) {
        X509Certificate own = chain.get(0);
        return !now.isBefore(own.getNotBefore().toInstant())
                && !now.isAfter(own.getNotAfter().toInstant());
    }

    Instant validUntil() {
        return chain.get(0).getNotAfter().toInstant();
    }

    SSLContext context() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static List<X509Certificate> chain(String file, byte[] pem) throws UnusableCertificate {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException e) {
            throw new UnusableCertificate(file + " holds no certificate in PEM: " + e.getMessage(), e);
        }
        throw new UnusableCertificate(file + " holds no certificate in PEM", null);
    }

    /** PKCS#8, and what older tools write: PKCS#1 for RSA, SEC 1 for elliptic curves, its curve before it. */
    private static PrivateKey key(String file, byte[] pem) throws UnusableCertificate {
        try (var parser = new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.UTF_8))) {
            var converter = new JcaPEMKeyConverter();
            for (var found = parser.readObject(); found != null; found = parser.readObject()) {
                if (found instanceof PrivateKeyInfo key) {
                    return converter.getPrivateKey(key);
                }
                if (found instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (found instanceof PKCS8EncryptedPrivateKeyInfo || found instanceof PEMEncryptedKeyPair) {
                    throw new UnusableCertificate(
                            "the key in " + file + " is encrypted, and nobody is there to type its password: "
                                    + "openssl pkey -in " + file + " -out plain.pem",
                            null);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new UnusableCertificate(file + " holds no private key that can be read: " + e.getMessage(), e);
        }
        throw new UnusableCertificate(file + " holds no private key in PEM", null);
    }

    private boolean belongTogether() {
        try {
            byte[] proof = chain.get(0).getSerialNumber().toByteArray();
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            signature.update(proof);
            byte[] signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(proof);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

package io.sonde.target;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with its private key: a test authority, or a server it signed. Elliptic curve P-256. */
public record Identity(X509Certificate certificate, PrivateKey key) {
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final char[] NO_PASSWORD = {};

    /** Signs itself and may sign others. */
    public static Identity authority(String name, Instant from, Instant to) throws GeneralSecurityException {
        KeyPair pair = keyPair();
        var subject = new X500Name("CN=" + name);
        return new Identity(certify(subject, subject, List.of(), pair, pair.getPrivate(), from, to), pair.getPrivate());
    }

    /** @param names DNS names and IP addresses the server goes by */
    public static Identity signedBy(Identity authority, List<String> names, Instant from, Instant to)
            throws GeneralSecurityException {
        KeyPair pair = keyPair();
        var issuer = X500Name.getInstance(
                authority.certificate.getSubjectX500Principal().getEncoded());
        var subject = new X500Name("CN=" + names.get(0));
        return new Identity(certify(issuer, subject, names, pair, authority.key, from, to), pair.getPrivate());
    }

    /** Of a PEM file as {@link #write} makes it. */
    static Identity read(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = pem.indexOf(KEY_BEGIN);
        int end = pem.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new InvalidKeySpecException("no private key in " + file);
        }
        byte[] key = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
        return new Identity(
                (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))),
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
    }

    /** Certificate, then key; readable by its owner alone. */
    void write(Path file) throws IOException, GeneralSecurityException {
        replace(file, "rw-------", pem("CERTIFICATE", certificate.getEncoded()) + pem("PRIVATE KEY", key.getEncoded()));
    }

    /** The certificate alone, as clients take it. */
    public void writeCertificate(Path file) throws IOException, GeneralSecurityException {
        replace(file, "rw-r--r--", pem("CERTIFICATE", certificate.getEncoded()));
    }

    /** Makes sockets that show this certificate. */
    public SSLSocketFactory server() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, NO_PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getSocketFactory();
    }

    private static X509Certificate certify(
            X500Name issuer,
            X500Name subject,
            List<String> names,
            KeyPair pair,
            PrivateKey signer,
            Instant from,
            Instant to)
            throws GeneralSecurityException {
        var serial = new BigInteger(120, new SecureRandom());
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    issuer, serial, Date.from(from), Date.from(to), subject, pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(names.isEmpty()));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                                names.stream().map(Identity::generalName).toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (OperatorCreationException | IOException e) {
            throw new GeneralSecurityException("cannot sign a certificate for " + subject, e);
        }
    }

    private static GeneralName generalName(String name) {
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    /** Never half a file: a client may be reading. */
    private static void replace(Path file, String permissions, String content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path whole = Files.createTempFile(
                folder,
                "pem",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString(permissions));
        Files.writeString(whole, content, StandardCharsets.US_ASCII);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

package io.sonde.probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A certificate that lives as long as a {@link Rehearsal}: an authority, or a server it signed. Written out as DER (RFC 5280
 * §4.1), because the JDK cannot make one and a library for it would be a third of the archive.
 */
record ThrowawayCertificate(X509Certificate certificate, PrivateKey key) {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int DNS_NAME = 0x82;
    private static final int EXTENSIONS = 0xA3;
    private static final int VERSION = 0xA0;
    private static final int BOOLEAN = 0x01;
    private static final byte[] TRUE = {(byte) 0xFF};
    private static final byte[] ECDSA_WITH_SHA256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 4, 3, 2};
    private static final byte[] ALGORITHM = der(SEQUENCE, der(OID, ECDSA_WITH_SHA256));
    private static final byte[] BASIC_CONSTRAINTS = {0x55, 0x1D, 0x13};
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x55, 0x1D, 0x11};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Signs itself and may sign others. */
    static ThrowawayCertificate authority(String name, Instant from, Instant to) throws GeneralSecurityException {
        KeyPair pair = keyPair();
        byte[] mayIssue = der(SEQUENCE, der(BOOLEAN, TRUE));
        byte[] extension = der(SEQUENCE, der(OID, BASIC_CONSTRAINTS), der(BOOLEAN, TRUE), der(OCTET_STRING, mayIssue));
        return signed(body(name, name, extension, pair, from, to), pair.getPrivate(), pair.getPrivate());
    }

    /** For the server that goes by {@code host}; this authority signs it. */
    ThrowawayCertificate issue(String host) throws GeneralSecurityException {
        KeyPair pair = keyPair();
        String issuer = certificate.getSubjectX500Principal().getName().substring("CN=".length());
        byte[] names = der(SEQUENCE, der(DNS_NAME, ascii(host)));
        byte[] extension = der(SEQUENCE, der(OID, SUBJECT_ALTERNATIVE_NAME), der(OCTET_STRING, names));
        Instant from = certificate.getNotBefore().toInstant();
        Instant to = certificate.getNotAfter().toInstant();
        return signed(body(issuer, host, extension, pair, from, to), key, pair.getPrivate());
    }

    private static ThrowawayCertificate signed(byte[] body, PrivateKey signer, PrivateKey own)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer);
        signature.update(body);
        byte[] whole = der(SEQUENCE, body, ALGORITHM, der(BIT_STRING, new byte[] {0}, signature.sign()));
        return new ThrowawayCertificate(
                (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)),
                own);
    }

    private static byte[] body(
            String issuer, String subject, byte[] extension, KeyPair pair, Instant from, Instant to) {
        return der(
                SEQUENCE,
                der(VERSION, der(INTEGER, new byte[] {2})),
                der(INTEGER, new byte[] {1}),
                ALGORITHM,
                name(issuer),
                der(SEQUENCE, time(from), time(to)),
                name(subject),
                pair.getPublic().getEncoded(),
                der(EXTENSIONS, der(SEQUENCE, extension)));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static byte[] name(String commonName) {
        return der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8_STRING, ascii(commonName)))));
    }

    private static byte[] time(Instant instant) {
        return der(GENERALIZED_TIME, ascii(TIME.format(instant)));
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length >= 0x100) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length >= 0x80) {
            whole.write(0x81);
        }
        whole.write(length);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

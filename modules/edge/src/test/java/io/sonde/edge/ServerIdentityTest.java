package io.sonde.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityTest {
    private static final TestCertificate ONE = TestCertificate.of("EC");
    private static final TestCertificate OTHER = TestCertificate.of("EC");

    @TempDir
    private Path folder = Path.of("set by JUnit");

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void keysOfEachKindAreRead(String algorithm) throws Exception {
        TestCertificate made = TestCertificate.of(algorithm);

        ServerIdentity read = read(made.certificatePem() + ONE.certificatePem(), made.keyPem());

        assertThat(read.chain()).containsExactly(made.certificate(), ONE.certificate());
        assertThat(read.key().getEncoded()).isEqualTo(made.keys().getPrivate().getEncoded());
    }

    @Test
    void keysAsOlderToolsWriteThemAreReadToo() throws Exception {
        TestCertificate rsa = TestCertificate.of("RSA");

        assertThat(rsa.traditionalKeyPem()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(read(rsa.certificatePem(), rsa.traditionalKeyPem()).context().createSSLEngine())
                .isNotNull();
        assertThat(resource("ec-with-curve.pem")).startsWith("-----BEGIN EC PARAMETERS-----");
        assertThat(read(resource("ec-certificate.pem"), resource("ec-with-curve.pem"))
                        .context()
                        .createSSLEngine())
                .isNotNull();
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() -> read(ONE.certificatePem(), OTHER.keyPem()))
                .isInstanceOf(UnusableCertificate.class)
                .hasMessage("the key in key.pem is not that of the first certificate in certificate.pem");
        assertThatThrownBy(() ->
                        read(ONE.certificatePem(), TestCertificate.of("RSA").keyPem()))
                .hasMessageContaining("is not that of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted-pkcs8.pem", "encrypted-ec.pem"})
    void anEncryptedKeyIsRefusedWithTheCommandThatHelps(String name) {
        assertThatThrownBy(() -> read(resource("ec-certificate.pem"), resource(name)))
                .hasMessageContaining("the key in key.pem is encrypted")
                .hasMessageContaining("openssl pkey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
    void whatIsNoPemIsRefusedByTheNameOfItsFile(String text) {
        assertThatThrownBy(() -> read(text, ONE.keyPem()))
                .isInstanceOf(UnusableCertificate.class)
                .hasMessageContaining("certificate.pem");
        assertThatThrownBy(() -> read(ONE.certificatePem(), text))
                .isInstanceOf(UnusableCertificate.class)
                .hasMessageContaining("key.pem");
    }

    @Test
    void aMissingFileIsNamedWithItsSetting() {
        assertThatThrownBy(() -> ServerTls.open(TestCertificate.files(folder), Clock.systemUTC()))
                .isInstanceOf(UnusableCertificate.class)
                .hasMessageContaining("there is no file " + folder.resolve("certificate.pem"))
                .hasMessageContaining("sonde.http.tls.certificate");
    }

    @Test
    void anExpiredCertificateIsServedAllTheSame() throws Exception {
        TestCertificate expired = TestCertificate.of("EC", Instant.now().minus(Duration.ofHours(1)));

        ServerTls tls = ServerTls.open(expired.write(folder), Clock.systemUTC());

        assertThat(tls.engine().getEnabledProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(read(expired.certificatePem(), expired.keyPem()).isValidAt(Instant.now()))
                .isFalse();
    }

    @Test
    void oneFileWithoutTheOtherIsAMistake() {
        assertThatThrownBy(() -> TlsFiles.from(ConfigFactory.parseString("certificate = c.pem, key = \"\"")))
                .hasMessage("sonde.http.tls.key is empty: set both of certificate and key for https, or none of them");
        assertThat(new TlsFiles("", "").scheme()).isEqualTo("http");
        assertThat(new TlsFiles("a", "b").scheme()).isEqualTo("https");
    }

    /** Made by OpenSSL, for which BouncyCastle would have to be a provider of the JVM. */
    private static String resource(String name) throws IOException {
        try (InputStream file = ServerIdentityTest.class.getResourceAsStream("/tls/" + name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), US_ASCII);
        }
    }

    private static ServerIdentity read(String certificate, String key) throws UnusableCertificate {
        return ServerIdentity.of(
                new TlsFiles("certificate.pem", "key.pem"), certificate.getBytes(US_ASCII), key.getBytes(US_ASCII));
    }
}

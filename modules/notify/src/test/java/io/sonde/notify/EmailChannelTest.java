package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.sonde.core.Channel;
import io.sonde.core.Notification.Scope;
import io.sonde.notify.ChannelSettings.Email;
import io.sonde.notify.ChannelSettings.Email.Login;
import io.sonde.notify.ChannelSettings.Email.Security;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmailChannelTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:11:00Z");
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Login LOGIN = new Login("sonde@example.org", new Secret("c0rrect-h0rse"));

    private static TestCertificate certificate;

    private @Nullable GreenMail mail;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        certificate = TestCertificate.in(folder);
        System.setProperty("greenmail.tls.keystore.file", certificate.file().toString());
        System.setProperty("greenmail.tls.keystore.password", TestCertificate.PASSWORD);
    }

    @AfterEach
    void stop() {
        if (mail != null) {
            mail.stop();
        }
    }

    @Test
    void aProblemIsAMailToAllWithItsEvidence() throws Exception {
        GreenMail server = start("smtp");
        Channel channel = channel(server.getSmtp().getPort(), Security.NONE, null);

        assertThat(Receiver.send(channel, Notifications.firing()))
                .startsWith("127.0.0.1:")
                .contains(" took <sonde-");

        assertThat(server.getReceivedMessages()).hasSize(2).allSatisfy(received -> {
            assertThat(received.getSubject())
                    .isEqualTo("server-bound: https://shop.example/ from 2 sources (target side)");
            assertThat(received.getFrom()).extracting(Object::toString).containsExactly("Sonde <sonde@example.org>");
            assertThat(received.getRecipients(Message.RecipientType.TO))
                    .extracting(Object::toString)
                    .containsExactly("a@example.org", "b@example.org");
            assertThat(received.getSentDate()).isEqualTo(Date.from(NOW));
            assertThat(received.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(received.getContentType()).isEqualTo("text/plain; charset=UTF-8");
            assertThat(received.getContent().toString().lines())
                    .containsExactly(
                            "server-bound: https://shop.example/ from 2 sources (target side)",
                            "since 2026-11-20T23:04:00Z, problem 42, tenant default, kind qoe",
                            "",
                            "server-bound: berlin-1 to https://shop.example/ since 2026-11-20T23:04:00Z",
                            "  ttfb_p95 412 ms, usually 48 ± 6 ms (10 windows), threshold 60 ms",
                            "  dns_p95 / total_p95 0.625, threshold 0.4",
                            "server-bound: hamburg \"2\" to https://shop.example/ since 2026-11-20T23:04:00Z until"
                                    + " 2026-11-20T23:05:00Z",
                            "  ttfb_p95 412 ms, usually 48 ± 6 ms (10 windows), threshold 60 ms",
                            "",
                            "https://sonde.example/#/problems/42");
        });
    }

    @Test
    void mailsOfAProblemAreOneThreadAndARepetitionHasTheSameId() throws Exception {
        GreenMail server = start("smtp");
        Channel channel = channel(server.getSmtp().getPort(), Security.NONE, null);

        Receiver.send(channel, Notifications.firing());
        Receiver.send(channel, Notifications.firing());
        Receiver.send(channel, Notifications.resolved());

        List<MimeMessage> received = Arrays.asList(server.getReceivedMessages());
        assertThat(received).hasSize(6);
        assertThat(received.stream().map(EmailChannelTest::id).distinct()).hasSize(2);
        assertThat(received.stream().map(one -> header(one, "References")).distinct())
                .singleElement()
                .asString()
                .matches("<sonde-[0-9a-f]{32}@example.org>")
                .isEqualTo(header(received.get(0), "In-Reply-To"));
        assertThat(received.stream()
                        .map(one -> header(one, "Subject"))
                        .filter(subject -> subject.startsWith("resolved: ")))
                .hasSize(2);
    }

    @Test
    void itSpeaksTlsFromTheFirstByteAndSaysWhoItIs() throws Exception {
        GreenMail server = start("smtps");
        server.setUser(LOGIN.user(), LOGIN.user(), LOGIN.password().value());

        Receiver.send(channel(server.getSmtps().getPort(), Security.TLS, LOGIN), Notifications.firing());

        assertThat(server.getReceivedMessages()).hasSize(2);
    }

    @Test
    void itUpgradesAConnectionBeforeItSaysAnythingOfValue() throws Exception {
        try (var server = new UpgradingSmtp(certificate.context(), "")) {
            Receiver.send(channel(server.port(), Security.STARTTLS, LOGIN), Notifications.firing());

            assertThat(server.said())
                    .filteredOn(line -> !line.startsWith("tls "))
                    .allMatch(line -> line.startsWith("EHLO") || line.equals("STARTTLS"));
            assertThat(server.said())
                    .contains("tls RCPT TO:<a@example.org>", "tls RCPT TO:<b@example.org>", "tls .")
                    .anyMatch(line -> line.startsWith("tls AUTH PLAIN"));
        }
    }

    @Test
    void aServerThatCannotUpgradeGetsNothing() throws Exception {
        GreenMail server = start("smtp");

        assertThat(Receiver.failure(
                        channel(server.getSmtp().getPort(), Security.STARTTLS, null), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageContaining("STARTTLS");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotSpokenTo() throws Exception {
        GreenMail server = start("smtps");
        Channel channel = new EmailChannel(
                settings(server.getSmtps().getPort(), Security.TLS, null), TIMEOUT, new Links(""), Clock.systemUTC());

        assertThat(Receiver.failure(channel, Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageContaining("PKIX path building failed");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void thePasswordIsInNoMessageEvenIfTheServerRepeatsIt() throws Exception {
        try (var server = new UpgradingSmtp(certificate.context(), "I do not know c0rrect-h0rse")) {
            assertThat(Receiver.failure(channel(server.port(), Security.STARTTLS, LOGIN), Notifications.firing()))
                    .isInstanceOf(NotTaken.class)
                    .hasMessage("127.0.0.1:" + server.port() + " did not take the mail: 535 I do not know …");
        }
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(Receiver.failure(channel(port, Security.NONE, null), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageContainingAll("127.0.0.1:" + port, "Connection refused");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedFor() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(Receiver.failure(channel(silent.getLocalPort(), Security.NONE, null), Notifications.firing()))
                    .isInstanceOf(NotTaken.class)
                    .hasMessageContaining("Read timed out");
        }
    }

    @Test
    void whatComesFromOutsideMakesNoHeader() throws Exception {
        GreenMail server = start("smtp");
        var forged = Notifications.member(1, "a\r\nBcc: eve@evil.example\r\n", "ü", null);

        Receiver.send(
                channel(server.getSmtp().getPort(), Security.NONE, null),
                Notifications.of(Scope.PATH, "l", null, null, List.of(forged)));

        assertThat(server.getReceivedMessages()).hasSize(2).allSatisfy(received -> {
            assertThat(received.getHeader("Bcc")).isNull();
            assertThat(received.getSubject()).isEqualTo("l: a Bcc: eve@evil.example to ü (between them)");
        });
    }

    private GreenMail start(String protocol) {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
        mail = server;
        server.start();
        return server;
    }

    private static Channel channel(int port, Security security, @Nullable Login login) throws Exception {
        SSLSocketFactory trust = certificate.context().getSocketFactory();
        return new EmailChannel(
                settings(port, security, login),
                TIMEOUT,
                new Links("https://sonde.example"),
                Clock.fixed(NOW, ZoneOffset.UTC),
                trust);
    }

    private static Email settings(int port, Security security, @Nullable Login login) {
        return new Email(
                "127.0.0.1",
                port,
                security,
                login,
                "Sonde <sonde@example.org>",
                List.of("a@example.org", "b@example.org"));
    }

    private static String id(MimeMessage message) {
        return header(message, "Message-ID");
    }

    private static String header(MimeMessage message, String name) {
        try {
            return String.join(",", message.getHeader(name));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.sonde.notify;

import io.sonde.core.Notification;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;

/**
 * A notification as a mail. Its Message-ID is made of the key, so that mail servers recognise a repetition; all mails of a problem
 * refer to one that was never sent, so that they are one thread whichever of them arrives (RFC 5322 §3.6.4).
 */
final class Mail extends MimeMessage {
    private static final int MOST_OF_SUBJECT = 250;

    private final String id;

    private Mail(Session session, String id) {
        super(session);
        this.id = id;
    }

    static Mail of(Session session, ChannelSettings.Email settings, Notification notification, Links links, Instant now)
            throws MessagingException {
        String domain = settings.from().replaceAll("[^@]*@|>.*", "");
        String thread = id("problem", notification.problem(), domain);
        Mail mail = new Mail(session, id("key", notification.key(), domain));
        mail.setFrom(new InternetAddress(settings.from(), true));
        for (String to : settings.to()) {
            mail.addRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        }
        mail.setSubject(Wording.shortened(Wording.title(notification), MOST_OF_SUBJECT), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(now));
        mail.setHeader("In-Reply-To", thread);
        mail.setHeader("References", thread);
        // So that nobody's absence is announced back to us (RFC 3834 §5).
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setText(text(notification, links), StandardCharsets.UTF_8.name());
        mail.saveChanges();
        return mail;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }

    private static String text(Notification notification, Links links) {
        List<String> lines = new ArrayList<>(List.of(Wording.title(notification), Wording.facts(notification), ""));
        lines.addAll(Wording.lines(notification));
        String link = links.toProblem(notification.problem());
        if (!link.isEmpty()) {
            lines.addAll(List.of("", link));
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String id(String of, String text, String domain) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest((of + ":" + text).getBytes(StandardCharsets.UTF_8));
            return "<sonde-" + HexFormat.of().formatHex(hash, 0, 16) + "@" + domain + ">";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package io.sonde.notify;

import io.sonde.core.Channel;
import io.sonde.core.Notification;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends an e-mail through an SMTP server. All or nobody gets it: with one address refused, none is written to, and it fails.
 * One mail at a time, on a thread of its own that rests when there is none.
 */
final class EmailChannel implements Channel {
    private static final int MOST_WAITING = 1_000;
    private static final long THREAD_RESTS_AFTER_SECONDS = 10;

    private final ChannelSettings.Email settings;
    private final Links links;
    private final Clock clock;
    private final Session session;
    private final ThreadPoolExecutor executor;

    EmailChannel(ChannelSettings.Email settings, Duration timeout, Links links, Clock clock) {
        this(settings, timeout, links, clock, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** @param trust makes connections to whom it trusts */
    EmailChannel(ChannelSettings.Email settings, Duration timeout, Links links, Clock clock, SSLSocketFactory trust) {
        this.settings = settings;
        this.links = links;
        this.clock = clock;
        this.session = Session.getInstance(properties(settings, timeout, trust));
        this.executor = new ThreadPoolExecutor(
                1, 1, THREAD_RESTS_AFTER_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "notify-email");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<String> send(Notification notification) {
        try {
            return CompletableFuture.supplyAsync(() -> sendNow(notification), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new NotTaken(server() + ": " + MOST_WAITING + " mails are waiting for it already"));
        }
    }

    private String sendNow(Notification notification) {
        try {
            Mail mail = Mail.of(session, settings, notification, links, clock.instant());
            try (Transport transport = session.getTransport("smtp")) {
                ChannelSettings.Email.Login login = settings.login();
                if (login == null) {
                    transport.connect();
                } else {
                    transport.connect(login.user(), login.password().value());
                }
                transport.sendMessage(mail, mail.getAllRecipients());
            }
            return server() + " took " + mail.getMessageID();
        } catch (MessagingException e) {
            throw new NotTaken(server() + " did not take the mail: " + reason(e));
        }
    }

    /** What it says, and what lies beneath, which is often the answer of the server. */
    private String reason(MessagingException failure) {
        Exception next = failure.getNextException();
        String text = failure.getMessage() + (next == null ? "" : " (" + next.getMessage() + ")");
        ChannelSettings.Email.Login login = settings.login();
        return Wording.inOneLine(login == null ? text : login.password().hideIn(text));
    }

    private String server() {
        return settings.host() + ":" + settings.port();
    }

    private static Properties properties(ChannelSettings.Email settings, Duration timeout, SSLSocketFactory trust) {
        String milliseconds = Long.toString(timeout.toMillis());
        Properties properties = new Properties();
        properties.put("mail.smtp.host", settings.host());
        properties.put("mail.smtp.port", Integer.toString(settings.port()));
        properties.put("mail.smtp.auth", Boolean.toString(settings.login() != null));
        properties.put("mail.smtp.connectiontimeout", milliseconds);
        properties.put("mail.smtp.timeout", milliseconds);
        properties.put("mail.smtp.writetimeout", milliseconds);
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", "TLSv1.2 TLSv1.3");
        properties.put("mail.smtp.ssl.socketFactory", trust);
        switch (settings.security()) {
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case TLS -> properties.put("mail.smtp.ssl.enable", "true");
            case NONE -> {}
        }
        return properties;
    }
}

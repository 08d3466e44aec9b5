package io.sonde.notify;

import com.typesafe.config.Config;
import io.sonde.notify.ChannelSettings.Email;
import io.sonde.notify.ChannelSettings.PagerDuty;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code sonde.notify.channels.NAME}. */
final class ChannelReader {
    private static final String PAGER_DUTY = "https://events.pagerduty.com/v2/enqueue";

    private ChannelReader() {}

    /** The types there are, and their keys. */
    private enum Type {
        LOG(""),
        WEBHOOK("url url-file secret secret-file"),
        SLACK("url url-file"),
        PAGERDUTY("routing-key routing-key-file severity url"),
        EMAIL("host port security user password password-file from to");

        private final String keys;

        Type(String keys) {
            this.keys = ("type " + keys).strip();
        }

        List<String> keys() {
            return List.of(keys.split(" "));
        }
    }

    static ChannelSettings read(String path, Config config) {
        Section section = new Section(path, config);
        Type type = section.checked("type", section.required("type"), name -> Choice.of(Type.class, name));
        section.allowOnly(type.keys());
        return switch (type) {
            case LOG -> new ChannelSettings.Log();
            case WEBHOOK ->
                new ChannelSettings.Webhook(
                        section.address("url", null), section.secret("secret").orElse(null));
            case SLACK -> new ChannelSettings.Slack(section.address("url", null));
            case PAGERDUTY -> pagerDuty(section);
            case EMAIL -> email(section);
        };
    }

    private static PagerDuty pagerDuty(Section section) {
        return new PagerDuty(
                section.address("url", PAGER_DUTY),
                section.secret("routing-key")
                        .orElseThrow(() -> section.mistake(
                                "routing-key", "is missing; it is the integration key of a service in PagerDuty")),
                section.choice("severity", PagerDuty.Severity.class, PagerDuty.Severity.ERROR));
    }

    private static Email email(Section section) {
        Email.Security security = section.choice("security", Email.Security.class, Email.Security.STARTTLS);
        List<String> to = section.texts("to").stream()
                .map(one -> section.checked("to", one, ChannelReader::mailAddress))
                .toList();
        if (to.isEmpty()) {
            throw section.mistake("to", "names nobody");
        }
        return new Email(
                section.required("host"),
                section.port("port").orElse(security.usualPort()),
                security,
                login(section, security),
                section.checked("from", section.required("from"), ChannelReader::mailAddress),
                to);
    }

    private static Email.@Nullable Login login(Section section, Email.Security security) {
        @Nullable String user = section.text("user").orElse(null);
        @Nullable Secret password = section.secret("password").orElse(null);
        if (user == null && password == null) {
            return null;
        }
        if (user == null || password == null) {
            throw section.mistake(user == null ? "user" : "password", "is missing; set both, or neither");
        }
        if (security == Email.Security.NONE) {
            throw section.mistake(
                    "security", "is none, and the password could be read on the way; set starttls or tls");
        }
        return new Email.Login(user, password);
    }

    private static String mailAddress(String text) {
        try {
            new InternetAddress(text, true);
            if (text.indexOf('@') < 0) {
                throw new IllegalArgumentException("is to be like sonde@example.org, and is " + text);
            }
            return text;
        } catch (AddressException e) {
            throw new IllegalArgumentException("is to be like sonde@example.org, and is " + text);
        }
    }
}

package io.sonde.notify;

import io.sonde.core.Channel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator says of a channel. Prints no secret. */
sealed interface ChannelSettings {
    /** What channels have in common. */
    record Means(Links links, HttpSender sender, Duration timeout, Clock clock) {}

    /** @param name of the channel */
    Channel open(String name, Means means);

    /** {@link LogChannel}. */
    record Log() implements ChannelSettings {
        @Override
        public Channel open(String name, Means means) {
            return new LogChannel(means.links);
        }
    }

    /** {@link WebhookChannel}; its requests are signed when there is a secret. */
    record Webhook(Address url, @Nullable Secret secret) implements ChannelSettings {
        @Override
        public Channel open(String name, Means means) {
            return new WebhookChannel(name, this, means.links, means.sender);
        }
    }

    /** {@link SlackChannel}. */
    record Slack(Address url) implements ChannelSettings {
        @Override
        public Channel open(String name, Means means) {
            return new SlackChannel(url, means.links, means.sender);
        }
    }

    /** {@link PagerDutyChannel}. */
    record PagerDuty(Address url, Secret routingKey, Severity severity) implements ChannelSettings {
        /** As PagerDuty names them. */
        enum Severity {
            CRITICAL,
            ERROR,
            WARNING,
            INFO
        }

        @Override
        public Channel open(String name, Means means) {
            return new PagerDutyChannel(this, means.links, means.sender);
        }
    }

    /** {@link EmailChannel}. */
    record Email(String host, int port, Security security, @Nullable Login login, String from, List<String> to)
            implements ChannelSettings {
        /** How the connection to the mail server is kept from others. */
        enum Security {
            /** Begins in the clear and must be upgraded before anything is said (RFC 3207). */
            STARTTLS(587),
            /** TLS from the first byte (RFC 8314 §3.3). */
            TLS(465),
            NONE(25);

            private final int port;

            Security(int port) {
                this.port = port;
            }

            int usualPort() {
                return port;
            }
        }

        record Login(String user, Secret password) {}

        public Email {
            to = List.copyOf(to);
        }

        @Override
        public Channel open(String name, Means means) {
            return new EmailChannel(this, means.timeout, means.links, means.clock);
        }
    }
}

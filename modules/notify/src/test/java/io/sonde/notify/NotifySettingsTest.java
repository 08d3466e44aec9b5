package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifySettingsTest {
    private static final String ALL =
            """
            external-url = "https://sonde.example"
            channels {
              hook { type = webhook, url = "https://hook.example:8443/h00kt0ken?t=qu3ryt0ken", secret = s3cr3t }
              chat { type = slack, url = "https://hooks.slack.com/services/T0/B0/sl4ckt0ken" }
              call { type = pagerduty, routing-key = r0utingk3y, severity = critical }
              mail { type = email, host = smtp.example, from = "Sonde <sonde@example.org>", to = ["a@example.org", "b@example.org"]
                     user = sonde, password = p4ssw0rd }
            }
            routes = [{ label = "dns-*", channels = [hook, chat] }, { channels = [call, mail, log] }]
            """;

    @Test
    void eachTypeOfChannelCanBeSet() {
        NotifySettings settings = settings(ALL);

        assertThat(settings.settings()).containsOnlyKeys("hook", "chat", "call", "mail", "log");
        assertThat(settings.open(Clock.systemUTC())).containsOnlyKeys("hook", "chat", "call", "mail", "log");
        assertThat(settings.routes().channelsOf("default", "qoe", "dns-bound", null, null))
                .containsExactly("hook", "chat");
        assertThat(settings.settings().get("call"))
                .hasToString("PagerDuty[url=https://events.pagerduty.com, routingKey=…, severity=CRITICAL]");
        assertThat(settings.settings().get("mail"))
                .isInstanceOfSatisfying(ChannelSettings.Email.class, email -> assertThat(email.port())
                        .isEqualTo(587));
    }

    @Test
    void noSecretIsPrinted() {
        assertThat(settings(ALL).toString())
                .contains("https://hook.example:8443", "https://hooks.slack.com", "smtp.example")
                .doesNotContain("h00kt0ken", "qu3ryt0ken", "s3cr3t", "sl4ckt0ken", "r0utingk3y", "p4ssw0rd");
    }

    @Test
    void secretsMayBeInFiles(@TempDir Path folder) throws IOException {
        Path url = Files.writeString(folder.resolve("url"), "https://hooks.slack.com/services/a/b/c\n");
        Path key = Files.writeString(folder.resolve("key"), " r0utingk3y\n");

        NotifySettings settings = settings("channels { chat { type = slack, url-file = \"" + url
                + "\" }, call { type = pagerduty, routing-key-file = \"" + key + "\" } }");

        assertThat(settings.settings())
                .containsEntry("chat", new ChannelSettings.Slack(Address.of("https://hooks.slack.com/services/a/b/c")))
                .extractingByKey("call")
                .isInstanceOfSatisfying(ChannelSettings.PagerDuty.class, call -> assertThat(call.routingKey())
                        .isEqualTo(new Secret("r0utingk3y")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "channels.a {} | channels.a.type | is missing",
                "channels.a = 5 | channels.a | is to be an object",
                "channels.a.type = pigeon | channels.a.type | is pigeon, it must be one of log, webhook, slack, pagerduty, email",
                "channels.a { type = log, url = x } | channels.a.url | there is no such key here; there are type",
                "channels.a { type = webhook } | channels.a.url | is missing; set it, or url-file",
                "channels.a { type = slack, url = \"\" } | channels.a.url | is missing; set it, or url-file",
                "channels.a { type = slack, ulr = x } | channels.a.ulr | there is no such key here; there are type, url, url-file",
                "channels.a { type = slack, url = [t0ken] } | channels.a.url | is to be text",
                "channels.a { type = slack, url = \"t0ken\" } | channels.a.url | it must be like https://host/path",
                "channels.a { type = slack, url = \"ftp://h/t0ken\" } | channels.a.url | it must be like https://host/path",
                "channels.a { type = slack, url = \"http://h/ t0ken\" } | channels.a.url | it is no URL",
                "channels.a { type = slack, url = \"http://u:t0ken@h/\" } | channels.a.url | must not hold a user or a password",
                "channels.a { type = slack, url-file = \"/nowhere/at/all\" } | channels.a.url-file | /nowhere/at/all cannot be read",
                "channels.a { type = webhook, url = \"http://h/\", secret = t0ken, secret-file = f } | channels.a.secret | set one of them",
                "channels.a { type = pagerduty } | channels.a.routing-key | is the integration key",
                "channels.a { type = pagerduty, routing-key = t0ken, severity = bad } | channels.a.severity | critical, error, warning, info",
                "channels.a { type = email, from = \"a@b.c\", to = [\"a@b.c\"] } | channels.a.host | is missing",
                "channels.a { type = email, host = h, to = [\"a@b.c\"] } | channels.a.from | is missing",
                "channels.a { type = email, host = h, from = \"a@b.c\" } | channels.a.to | is missing",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [] } | channels.a.to | names nobody",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [\"you\"] } | channels.a.to | is to be like",
                "channels.a { type = email, host = h, from = \"a b@c\", to = [\"a@b.c\"] } | channels.a.from | is to be like",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [\"a@b.c\"], port = 0 } | channels.a.port | from 1 to 65535",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [\"a@b.c\"], user = u } | channels.a.password | set both, or neither",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [\"a@b.c\"], security = ssl } | channels.a.security | starttls, tls, none",
                "channels.a { type = email, host = h, from = \"a@b.c\", to = [\"a@b.c\"], security = none, user = u, password = t0ken }"
                        + " | channels.a.security | could be read on the way",
                "routes = [{ channels = [log, oncall] }] | routes[0].channels | there is no channel oncall; there are log",
                "routes = [{ channels = [log] }, { label = x }] | routes[1].channels | is missing",
                "routes = [{ lable = x, channels = [log] }] | routes[0].lable | there are tenant, kind, label, source, target, channels",
                "routes = [{ label = [x], channels = [log] }] | routes[0].label | is to be text",
                "routes = [5] | routes[0] | is to be an object",
                "external-url = sonde | external-url | it must be like https://host/path",
                "timeout = 0s | timeout | it must be more than 0",
            })
    void aMistakeIsToldWithItsKeyAndWhatToDo(String text, String key, String whatToDo) {
        assertThatThrownBy(() -> settings(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("sonde.notify." + key, whatToDo)
                .hasMessageNotContaining("t0ken");
    }

    @Test
    void allMistakesAreToldEachInALine() {
        assertThatThrownBy(() -> settings(
                        "channels { a.type = x, b.type = slack }, routes = [{ channels = [c] }, 5], external-url = y"))
                .satisfies(failure -> assertThat(failure.getMessage()).hasLineCount(5))
                .hasMessageContainingAll("channels.a", "channels.b", "routes[0]", "routes[1]", "external-url");
    }

    @Test
    void aMistakeIsToldWithItsLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "channels {\n  a.type = pigeon\n}\n");

        assertThatThrownBy(() -> NotifySettings.from(
                        ConfigFactory.parseFile(file.toFile()).withFallback(defaults())))
                .hasMessageContaining("my.conf: 2");
    }

    private static NotifySettings settings(String text) {
        return NotifySettings.from(ConfigFactory.parseString(text).withFallback(defaults()));
    }

    private static Config defaults() {
        return ConfigFactory.defaultReference().getConfig("sonde.notify");
    }
}

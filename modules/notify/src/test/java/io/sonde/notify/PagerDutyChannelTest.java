package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.core.Channel;
import io.sonde.core.Notification.Scope;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagerDutyChannelTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = new Receiver();
        receiver.answers(202, "{\"status\":\"success\"}", Map.of());
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void aProblemTriggersAnAlert() throws IOException {
        assertThat(Receiver.send(channel(), Notifications.firing())).isEqualTo("202 {\"status\":\"success\"}");

        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("pagerduty-firing.json"));
    }

    @Test
    void itsEndResolvesTheSameAlert() throws IOException {
        Receiver.send(channel(), Notifications.resolved());

        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("pagerduty-resolved.json"));
    }

    @Test
    void noTextIsLongerThanPagerDutyTakes() {
        var member = Notifications.member(1, "s", "t".repeat(2_000), null);

        Receiver.send(channel(), Notifications.of(Scope.PATH, "l", null, "t".repeat(2_000), List.of(member)));

        JsonNode payload = receiver.request().json().get("payload");
        assertThat(payload.get("summary").asText()).hasSize(1_024).endsWith("…");
        assertThat(payload.get("source").asText()).hasSize(1_024);
    }

    @Test
    void theSystemThatSuffersIsThatWhichTheProblemIsOf() {
        var member = Notifications.member(1, "s", "t", null);
        Receiver.send(channel(), Notifications.of(Scope.SOURCE, "l", "s", "t", List.of(member)));
        Receiver.send(channel(), Notifications.of(Scope.TARGET, "l", "s", "t", List.of(member)));
        Receiver.send(channel(), Notifications.of(Scope.PATH, "l", null, null, List.of(member)));

        assertThat(receiver.requests())
                .extracting(request -> request.json().at("/payload/source").asText())
                .containsExactly("s", "t", "several");
    }

    @Test
    void theRoutingKeyIsInNoMessage() {
        receiver.answers(400, "{\"status\":\"invalid event\",\"routing_key\":\"" + KEY + "\"}", Map.of());

        assertThat(Receiver.failure(channel(), Notifications.firing()))
                .hasMessageContaining("answered 400")
                .hasMessageNotContaining(KEY);
    }

    private Channel channel() {
        return new PagerDutyChannel(
                new ChannelSettings.PagerDuty(
                        Address.of(receiver.url("/v2/enqueue")),
                        new Secret(KEY),
                        ChannelSettings.PagerDuty.Severity.CRITICAL),
                new Links("https://sonde.example"),
                new HttpSender(Receiver.TIMEOUT));
    }
}

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

class SlackChannelTest {
    private static final String TOKEN = "XXXXXXXXXXXXXXXXXXXXXXXX";

    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void aProblemIsATitleTheEvidenceAndTheFacts() throws IOException {
        assertThat(Receiver.send(channel("https://sonde.example"), Notifications.firing()))
                .isEqualTo("200 ok");

        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("slack-firing.json"));
    }

    @Test
    void itsEndIsSaid() throws IOException {
        Receiver.send(channel(""), Notifications.resolved());

        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("slack-resolved.json"));
    }

    @Test
    void whatComesFromOutsideCallsNobodyAndClosesNoBlock() {
        var forged = Notifications.member(1, "<!channel> & ```", "https://a/?<script>", null);

        Receiver.send(channel(""), Notifications.of(Scope.PATH, "<@U1>", null, null, List.of(forged)));

        JsonNode body = receiver.request().json();
        assertThat(body.toString()).doesNotContain("<!channel>", "<@U1>", "<script>");
        assertThat(body.at("/blocks/1/text/text").asText())
                .startsWith("```server-bound: &lt;!channel&gt; &amp; ''' to");
    }

    @Test
    void noTextIsLongerThanSlackTakes() {
        var member = Notifications.member(1, "<".repeat(3_000), "&".repeat(3_000), null);

        Receiver.send(channel(""), Notifications.of(Scope.PATH, "l", null, null, List.of(member)));

        assertThat(receiver.request().json().get("blocks"))
                .extracting(block -> block.at("/text/text").asText())
                .allMatch(text -> text.length() < 3_000 && text.contains("…") == text.contains("&lt;"))
                .noneMatch(text -> text.matches("(?s).*&[a-z]*….*"));
    }

    @Test
    void theAddressIsItsSecret() {
        receiver.answers(403, "invalid_token in /services/T0/B0/" + TOKEN, Map.of());

        assertThat(Receiver.failure(channel(""), Notifications.firing()))
                .hasMessage(receiver.url("") + " answered 403 invalid_token in …");
    }

    private Channel channel(String externalUrl) {
        return new SlackChannel(
                Address.of(receiver.url("/services/T0/B0/" + TOKEN)),
                new Links(externalUrl),
                new HttpSender(Receiver.TIMEOUT));
    }
}

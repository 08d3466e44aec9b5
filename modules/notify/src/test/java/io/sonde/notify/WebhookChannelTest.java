package io.sonde.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sonde.core.Channel;
import io.sonde.core.Notification;
import io.sonde.core.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookChannelTest {
    private static final Links LINKS = new Links("https://sonde.example/");
    private static final String TOKEN = "T0KEN0123456789";
    private static final String SECRET = "correct horse battery staple";

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
    void aProblemIsAGroupOfAlertsAsAlertmanagerWritesThem() throws IOException {
        assertThat(Receiver.send(channel(LINKS), Notifications.firing())).isEqualTo("200 ok");

        assertThat(receiver.request().method()).isEqualTo("POST");
        assertThat(receiver.request().path()).isEqualTo("/hook/" + TOKEN);
        assertThat(receiver.request().header("Content-type")).startsWith("application/json");
        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("webhook-firing.json"));
    }

    @Test
    void aResolvedProblemHasOnlyResolvedAlerts() throws IOException {
        Receiver.send(channel(new Links("")), Notifications.resolved());

        assertThat(receiver.request().json()).isEqualTo(Receiver.golden("webhook-resolved.json"));
    }

    @Test
    void anAlertKeepsItsFingerprintFromItsBeginningToItsEnd() {
        Channel channel = channel(LINKS);
        Receiver.send(channel, Notifications.firing());
        Receiver.send(channel, Notifications.resolved());

        assertThat(receiver.requests())
                .extracting(
                        request -> request.json().at("/alerts/0/fingerprint").asText())
                .containsOnly(receiver.requests()
                        .get(0)
                        .json()
                        .at("/alerts/0/fingerprint")
                        .asText())
                .allMatch(fingerprint -> fingerprint.matches("[0-9a-f]{16}"));
    }

    /** Which is the offset of FNV-1a; with labels, the golden bodies have what another implementation made of them. */
    @Test
    void theFingerprintOfNoLabelsIsThatOfPrometheus() {
        assertThat(AlertmanagerFormat.fingerprint(new TreeMap<>())).isEqualTo("cbf29ce484222325");
    }

    @Test
    void alertsBeyondFiveHundredAreCounted() {
        Receiver.send(channel(LINKS), Notifications.withMembers(503));

        JsonNode body = receiver.request().json();
        assertThat(body.get("alerts")).hasSize(500);
        assertThat(body.get("truncatedAlerts").asInt()).isEqualTo(3);
    }

    @Test
    void theKeyIsInAHeaderSoThatARepetitionIsRecognised() {
        Channel channel = channel(LINKS);
        Receiver.send(channel, Notifications.firing());
        Receiver.send(channel, Notifications.firing());
        Receiver.send(channel, withKey("zwölf\r\nX-Evil: 1 %"));

        assertThat(receiver.requests())
                .extracting(request -> request.header("Idempotency-key"))
                .containsExactly("42/1", "42/1", "zw%C3%B6lf%0D%0AX-Evil:%201%20%25");
    }

    @Test
    void theBodyIsSignedWithTheSecret() throws Exception {
        Receiver.send(signing(), Notifications.firing());

        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal(receiver.request().body().getBytes(StandardCharsets.UTF_8));
        assertThat(receiver.request().header("X-sonde-signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(expected));
    }

    @Test
    void withoutASecretNothingIsSigned() {
        Receiver.send(channel(LINKS), Notifications.firing());

        assertThat(receiver.request().headers()).doesNotContainKey("X-sonde-signature");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204})
    void eachTwoHundredIsTaken(int status) {
        receiver.answers(status, "", Map.of());

        assertThat(Receiver.send(channel(LINKS), Notifications.firing())).isEqualTo(Integer.toString(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 404, 429, 500, 503})
    void anythingElseIsNotAndTheMessageSaysWhatWasAnswered(int status) {
        receiver.answers(status, "no\nthank you " + "x".repeat(10_000), Map.of("Location", receiver.url("/other")));

        assertThat(Receiver.failure(channel(LINKS), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageStartingWith(receiver.url("") + " answered " + status + " no thank you xxx")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(600));
        assertThat(receiver.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoSaysWhenToComeAgainIsHeard(int status) {
        receiver.answers(status, "busy", Map.of("Retry-After", "17"));

        assertThat(Receiver.failure(channel(LINKS), Notifications.firing()))
                .isInstanceOfSatisfying(Unavailable.class, later -> assertThat(later.retryAfterSeconds())
                        .isEqualTo(17))
                .hasMessageContaining(status + " busy");
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedFor() {
        receiver.answers(Receiver.Answer.NEVER);

        assertThat(Receiver.failure(channel(LINKS), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessage(receiver.url("") + ": no answer within 500 ms");
    }

    @Test
    void anAnswerThatDoesNotEndIsReadNoFurther() {
        receiver.answers(Receiver.Answer.ENDLESS);

        assertThat(Receiver.failure(channel(LINKS), Notifications.firing())).hasMessageContaining("answered 500");
    }

    @Test
    void nobodyThereIsSaid() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(Receiver.failure(channel("http://127.0.0.1:" + port + "/" + TOKEN, LINKS), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageStartingWith("http://127.0.0.1:" + port + ": cannot be connected to");
        assertThat(Receiver.failure(channel("http://nowhere.invalid/" + TOKEN, LINKS), Notifications.firing()))
                .isInstanceOf(NotTaken.class)
                .hasMessageStartingWith("http://nowhere.invalid: cannot be connected to");
    }

    @Test
    void noSecretIsInAMessageEvenIfTheReceiverRepeatsIt() {
        receiver.answers(404, "no /hook/" + TOKEN + " here, " + TOKEN + " neither; you said " + SECRET, Map.of());

        assertThat(Receiver.failure(signing(), Notifications.firing()))
                .hasMessageContaining("answered 404 no … here, … neither; you said …")
                .hasMessageNotContainingAny(TOKEN, SECRET);
    }

    private static Notification withKey(String key) {
        Notification one = Notifications.firing();
        return new Notification(
                key,
                one.problem(),
                one.resolved(),
                one.tenant(),
                one.kind(),
                one.scope(),
                one.label(),
                one.source(),
                one.target(),
                one.startedMs(),
                one.endedMs(),
                one.members());
    }

    private Channel channel(Links links) {
        return channel(receiver.url("/hook/" + TOKEN), links);
    }

    private static Channel channel(String url, Links links) {
        return new WebhookChannel(
                "ops", new ChannelSettings.Webhook(Address.of(url), null), links, new HttpSender(Receiver.TIMEOUT));
    }

    private Channel signing() {
        var settings = new ChannelSettings.Webhook(Address.of(receiver.url("/hook/" + TOKEN)), new Secret(SECRET));
        return new WebhookChannel("ops", settings, LINKS, new HttpSender(Receiver.TIMEOUT));
    }
}

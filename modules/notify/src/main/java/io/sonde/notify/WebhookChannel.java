package io.sonde.notify;

import io.sonde.core.Channel;
import io.sonde.core.Notification;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts what Alertmanager posts to a webhook, format version 4 ({@link AlertmanagerFormat}), with two headers more: {@code
 * Idempotency-Key}, by which a repetition is recognised, and with a secret {@code X-Sonde-Signature: sha256=…}, the
 * HMAC-SHA256 of the body, in hexadecimal.
 */
final class WebhookChannel implements Channel {
    private static final String ALGORITHM = "HmacSHA256";

    private final AlertmanagerFormat format;
    private final Address receiver;
    private final @Nullable Secret secret;
    private final HttpSender sender;

    /** @param name which the receiver is told as its own */
    WebhookChannel(String name, ChannelSettings.Webhook settings, Links links, HttpSender sender) {
        this.format = new AlertmanagerFormat(name, links);
        this.receiver = settings.url();
        this.secret = settings.secret();
        this.sender = sender;
    }

    @Override
    public CompletionStage<String> send(Notification notification) {
        String body = format.body(notification);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Idempotency-Key", inHeader(notification.key()));
        if (secret == null) {
            return sender.post(receiver, body, headers, answer -> answer);
        }
        headers.put("X-Sonde-Signature", "sha256=" + hmac(secret, body));
        return sender.post(receiver, body, headers, secret::hideIn);
    }

    private static String hmac(Secret secret, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** What no header may hold, as percent and hexadecimal, byte by byte. */
    private static String inHeader(String key) {
        var text = new StringBuilder();
        for (byte one : key.getBytes(StandardCharsets.UTF_8)) {
            if (one > ' ' && one < 0x7f && one != '%') {
                text.append((char) one);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(one));
            }
        }
        return text.toString();
    }
}

package io.sonde.probe;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How events travel.
 *
 * @param events the address they are posted to
 * @param trust whose certificate that address may show
 */
record UploadSettings(
        URI events,
        Trust trust,
        String token,
        boolean gzip,
        Duration linger,
        int batch,
        QueueSettings queue,
        Duration timeout,
        Duration backoffMin,
        Duration backoffMax) {
    private static final Duration DAY = Duration.ofHours(24);

    UploadSettings {
        Objects.requireNonNull(events);
        Objects.requireNonNull(trust);
        Objects.requireNonNull(token);
        Objects.requireNonNull(queue);
    }

    /** @param home the probe's own folder */
    static UploadSettings read(SettingsReader reader, Path home) throws WrongSettings {
        Duration backoffMin = reader.duration("upload.backoff-min", Duration.ofMillis(10), DAY);
        Duration backoffMax = reader.duration("upload.backoff-max", Duration.ofMillis(10), DAY);
        if (backoffMin.compareTo(backoffMax) > 0) {
            reader.problems().add("upload.backoff-max: it must not be less than upload.backoff-min");
        }
        return new UploadSettings(
                events(reader),
                reader.trust("ingest-ca"),
                token(reader),
                reader.flag("upload.gzip"),
                reader.duration("upload.linger", Duration.ZERO, Duration.ofSeconds(30)),
                reader.number("upload.batch", 1, 1_000),
                QueueSettings.read(reader, home),
                reader.duration("upload.timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
                backoffMin,
                backoffMax);
    }

    /** Without the token, which is in no log. */
    @Override
    public String toString() {
        return "UploadSettings[" + events + "]";
    }

    private static URI events(SettingsReader reader) {
        String expected = "the http or https URL of a node, like http://127.0.0.1:8081";
        return reader.read("ingest-url", expected, URI.create("http://127.0.0.1/"), key -> {
            String text = reader.config().getString(key).strip();
            try {
                TargetUrl url = TargetUrl.parse(text);
                String base = url.path().endsWith("/") ? url.path() : url.path() + "/";
                if (base.indexOf('?') >= 0) {
                    throw new IllegalArgumentException();
                }
                return new URI((url.secure() ? "https://" : "http://") + url.authority() + base + "api/v1/events");
            } catch (URISyntaxException | IllegalArgumentException e) {
                throw new IllegalArgumentException("it must be " + expected, e);
            }
        });
    }

    private static String token(SettingsReader reader) {
        String token = reader.text("token", 1_024);
        String file = reader.text("token-file", 4_096);
        if (token.isEmpty() == file.isEmpty()) {
            reader.problems()
                    .add("token: " + (file.isEmpty() ? "none given; " : "given twice; ")
                            + "write either --token-file FILE or --token TOKEN");
            return "";
        }
        return file.isEmpty()
                ? checked(reader, token)
                : reader.read("token-file", "a readable file with a token", "", key -> fromFile(file));
    }

    /** It becomes a header; the JDK would quote one that cannot be, and with it the token. */
    private static String checked(SettingsReader reader, String token) {
        return reader.read("token", "a token: printable ASCII without spaces", "", key -> {
            if (!isPrintable(token)) {
                throw new IllegalArgumentException();
            }
            return token;
        });
    }

    private static String fromFile(String file) {
        try {
            String token = Files.readString(Path.of(file)).strip();
            if (token.isEmpty() || !isPrintable(token)) {
                throw new IllegalArgumentException();
            }
            return token;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }

    private static boolean isPrintable(String token) {
        return token.chars().allMatch(c -> c > ' ' && c < 127);
    }
}

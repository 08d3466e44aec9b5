package io.sonde.probe;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What the agent runs with.
 *
 * @param home where the client id is kept
 * @param clientId empty for the one in {@code home}
 * @param place how the network context is found
 */
record AgentSettings(
        List<Target> targets,
        Pace pace,
        int threads,
        Path home,
        String clientId,
        Place place,
        UploadSettings upload,
        MeasureSettings measure) {
    private static final int ID_LENGTH = 255;
    private static final Duration DAY = Duration.ofHours(24);

    AgentSettings {
        targets = List.copyOf(targets);
        Objects.requireNonNull(pace);
        Objects.requireNonNull(home);
        Objects.requireNonNull(clientId);
        Objects.requireNonNull(place);
        Objects.requireNonNull(upload);
        Objects.requireNonNull(measure);
    }

    /** @param problems found before; all are reported together */
    static AgentSettings read(Config config, List<String> problems) throws WrongSettings {
        var reader = new SettingsReader(config, problems);
        List<Target> targets = targets(reader);
        Pace pace = pace(reader);
        int threads = reader.number("threads", 1, 256);
        String home = reader.text("home", 4_096);
        String clientId = reader.text("client-id", ID_LENGTH);
        Place place = place(reader);
        UploadSettings upload = upload(reader);
        MeasureSettings measure = MeasureSettings.read(config, problems);
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
        Path folder = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".sonde", "probe") : Path.of(home);
        return new AgentSettings(targets, pace, threads, folder, clientId, place, upload, measure);
    }

    private static List<Target> targets(SettingsReader reader) {
        List<Target> targets = reader.read(
                "targets", "a list of URLs", List.<Target>of(), key -> reader.config().getStringList(key).stream()
                        .map(Target::parse)
                        .toList());
        long distinct =
                targets.stream().map(target -> target.url().text()).distinct().count();
        if (distinct < targets.size()) {
            reader.problems().add("targets: each target once; some are named twice");
        }
        if (reader.config().hasPath("targets")
                && reader.config().getList("targets").isEmpty()) {
            reader.problems().add("targets: nothing to measure; give --target URL or SONDE_PROBE_TARGETS");
        }
        return targets;
    }

    private static Pace pace(SettingsReader reader) {
        Duration interval = reader.duration("interval", Duration.ofMillis(100), DAY);
        return new Pace(
                interval,
                reader.duration("stagger", Duration.ZERO, Duration.ofHours(1)),
                reader.duration("jitter", Duration.ZERO, Duration.ofHours(1)),
                reader.config().getValue("throughput-interval").unwrapped().equals("off")
                        ? null
                        : reader.duration("throughput-interval", Duration.ofSeconds(1), DAY));
    }

    private static Place place(SettingsReader reader) {
        String type = reader.text("interface-type", 64);
        String vpn = reader.read("vpn", "true, false or auto", "auto", key -> {
            String text = reader.config().getString(key).strip();
            if (!List.of("true", "false", "auto").contains(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
        return new Place(
                type.equals("auto") ? null : type,
                vpn.equals("auto") ? null : Boolean.valueOf(vpn),
                reader.text("label", ID_LENGTH));
    }

    private static UploadSettings upload(SettingsReader reader) {
        Duration backoffMin = reader.duration("upload.backoff-min", Duration.ofMillis(10), DAY);
        Duration backoffMax = reader.duration("upload.backoff-max", Duration.ofMillis(10), DAY);
        if (backoffMin.compareTo(backoffMax) > 0) {
            reader.problems().add("upload.backoff-max: it must not be less than upload.backoff-min");
        }
        return new UploadSettings(
                events(reader),
                token(reader),
                reader.flag("upload.gzip"),
                reader.duration("upload.linger", Duration.ZERO, Duration.ofSeconds(30)),
                reader.number("upload.batch", 1, 1_000),
                reader.number("upload.buffer", 1, 1_000_000),
                reader.duration("upload.timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
                backoffMin,
                backoffMax);
    }

    private static URI events(SettingsReader reader) {
        String expected = "the URL of a node, like http://127.0.0.1:8081";
        return reader.read("ingest-url", expected, URI.create("http://127.0.0.1/"), key -> {
            TargetUrl url = TargetUrl.parse(reader.config().getString(key).strip());
            String base = url.path().endsWith("/") ? url.path() : url.path() + "/";
            try {
                return new URI((url.secure() ? "https://" : "http://") + url.authority() + base + "api/v1/events");
            } catch (URISyntaxException e) {
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
                ? token
                : reader.read("token-file", "a readable file with a token", "", key -> fromFile(file));
    }

    private static String fromFile(String file) {
        try {
            String token = Files.readString(Path.of(file)).strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
                throw new IllegalArgumentException();
            }
            return token;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }
}
